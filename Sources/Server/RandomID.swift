/// The random part of an answer's id.
enum RandomID {
    private static let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")

    /// 24 letters and digits: 142 bits, so no two are ever the same.
    static func make() -> String {
        String((0..<24).map { _ in letters[Int.random(in: letters.indices)] })
    }
}
