#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Numbers as Python calculates with them, but for integers of more than 64 bits, which are an error.
enum Arithmetic {
    static let overflow = JinjaError(.value, "the result does not fit a 64-bit integer")
    private static let zeroDivision = JinjaError(.value, "division by zero")

    static func calculate(
        _ left: Number, _ operation: ArithmeticOperator, _ right: Number
    ) throws(JinjaError) -> Value {
        if case .integer(let left) = left, case .integer(let right) = right {
            return try calculate(left, operation, right)
        }
        return .float(try calculate(left.double, operation, right.double))
    }

    private static func calculate(
        _ left: Int, _ operation: ArithmeticOperator, _ right: Int
    ) throws(JinjaError) -> Value {
        let result: (partialValue: Int, overflow: Bool)
        switch operation {
        case .add: result = left.addingReportingOverflow(right)
        case .subtract: result = left.subtractingReportingOverflow(right)
        case .multiply: result = left.multipliedReportingOverflow(by: right)
        case .divide:
            guard right != 0 else { throw zeroDivision }
            return .float(Double(left) / Double(right))
        case .floorDivide:
            guard right != 0 else { throw JinjaError(.value, "integer division or modulo by zero") }
            result = floorDivide(left, right)
        case .modulo:
            guard right != 0 else { throw JinjaError(.value, "integer modulo by zero") }
            return .integer(modulo(left, right))
        case .power:
            if right < 0 {
                guard left != 0 else {
                    throw JinjaError(.value, "0.0 cannot be raised to a negative power")
                }
                return .float(pow(Double(left), Double(right)))
            }
            return .integer(try power(left, right))
        }
        guard !result.overflow else { throw overflow }
        return .integer(result.partialValue)
    }

    private static func floorDivide(_ left: Int, _ right: Int) -> (partialValue: Int, overflow: Bool) {
        let quotient = left.dividedReportingOverflow(by: right)
        if quotient.overflow { return quotient }
        let remainder = left % right
        let needsStep = remainder != 0 && (remainder < 0) != (right < 0)
        return (quotient.partialValue - (needsStep ? 1 : 0), false)
    }

    static func modulo(_ left: Int, _ right: Int) -> Int {
        // -1 would trap for the smallest integer.
        if right == -1 { return 0 }
        let remainder = left % right
        return remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder
    }

    private static func power(_ base: Int, _ exponent: Int) throws(JinjaError) -> Int {
        if base == 0 || base == 1 { return exponent == 0 ? 1 : base }
        if base == -1 { return exponent.isMultiple(of: 2) ? 1 : -1 }
        guard exponent < 64 else { throw overflow }
        var result = 1
        for _ in 0..<exponent {
            let product = result.multipliedReportingOverflow(by: base)
            guard !product.overflow else { throw overflow }
            result = product.partialValue
        }
        return result
    }

    private static func calculate(
        _ left: Double, _ operation: ArithmeticOperator, _ right: Double
    ) throws(JinjaError) -> Double {
        switch operation {
        case .add: return left + right
        case .subtract: return left - right
        case .multiply: return left * right
        case .divide:
            guard right != 0 else { throw JinjaError(.value, "float division by zero") }
            return left / right
        case .floorDivide:
            guard right != 0 else { throw JinjaError(.value, "float floor division by zero") }
            return divideAndModulo(left, right).quotient
        case .modulo:
            guard right != 0 else { throw JinjaError(.value, "float modulo") }
            return divideAndModulo(left, right).remainder
        case .power:
            if left == 0, right < 0 { throw JinjaError(.value, "0.0 cannot be raised to a negative power") }
            let result = pow(left, right)
            if result.isNaN, !left.isNaN, !right.isNaN {
                throw JinjaError(.value, "complex numbers are not supported")
            }
            if result.isInfinite, left.isFinite, right.isFinite {
                throw JinjaError(.value, "Numerical result out of range")
            }
            return result
        }
    }

    /// Python's `divmod` of floats: the remainder has the sign of the divisor.
    private static func divideAndModulo(_ left: Double, _ right: Double) -> (quotient: Double, remainder: Double) {
        var remainder = fmod(left, right)
        var quotient = (left - remainder) / right
        if remainder == 0 {
            remainder = right < 0 ? -0.0 : 0.0
        } else if (right < 0) != (remainder < 0) {
            remainder += right
            quotient -= 1
        }
        if quotient == 0 { return (left / right < 0 ? -0.0 : 0.0, remainder) }
        let whole = quotient.rounded(.down)
        return (quotient - whole > 0.5 ? whole + 1 : whole, remainder)
    }
}
