import CDemonstrationModels
import GGUF
import Testing

@Suite struct EmbeddedModelTests {
    /// Name and file of each embedded model.
    let models: [(name: String, file: UnsafeRawBufferPointer)] = {
        var count = 0
        let first = conifer_demonstration_models(&count)
        return UnsafeBufferPointer(start: first, count: count).map { model in
            (String(cString: model.name), UnsafeRawBufferPointer(start: model.bytes, count: model.length))
        }
    }()

    @Test func thereAreTwoOfDifferentArchitectures() throws {
        let architectures = try models.map { model in
            try GGUFFile(bytes: model.file, name: model.name).metadata.requiredString(MetadataKey.architecture)
        }
        #expect(Set(architectures) == ["llama", "qwen3"])
        #expect(models.count == 2)
    }

    @Test func eachIsAtMostSixMebibytesAndAlignedForTensors() {
        for model in models {
            #expect(model.file.count <= 6 << 20, "\(model.name)")
            #expect(UInt(bitPattern: model.file.baseAddress) % 64 == 0, "\(model.name)")
        }
    }

    @Test func theNameIsWhatTheMetadataSays() throws {
        for model in models {
            let metadata = try GGUFFile(bytes: model.file, name: model.name).metadata
            let basename = try metadata.requiredString(MetadataKey.basename)
            let sizeLabel = try metadata.requiredString(MetadataKey.sizeLabel)
            #expect(model.name == "\(basename)-\(sizeLabel)".lowercased())
        }
    }

    @Test func eachCanHoldAChat() throws {
        for model in models {
            let metadata = try GGUFFile(bytes: model.file, name: model.name).metadata
            let architecture = try metadata.requiredString(MetadataKey.architecture)
            #expect(metadata.string(MetadataKey.chatTemplate)?.contains("<|im_start|>assistant") == true)
            #expect(metadata.integer(MetadataKey.contextLength(architecture)) == 1024)
            #expect(metadata.bool(MetadataKey.addsBeginningOfSequence) == false)
            let end = try metadata.requiredInteger(MetadataKey.endOfSequence)
            let pieces = try #require(metadata.strings(MetadataKey.tokens))
            #expect(String(decoding: pieces[end], as: UTF8.self) == "<|im_end|>")
            #expect(metadata.integer(MetadataKey.vocabularySize(architecture)) == pieces.count)
        }
    }
}
