import Testing
import TestModels
import Tokenization

@testable import Inference

@Suite(.enabled(if: SharedData.isPresent)) struct VocabularyFileTests {
    @Test func allVocabulariesAreThere() {
        #expect(VocabularyFiles.names.count == 9)
    }

    @Test(arguments: VocabularyFiles.names) func publishedCasesHold(name: String) throws {
        let tokenizer = try VocabularyFiles.tokenizer(name)
        let cases = try VocabularyFiles.cases(name)
        #expect(cases.count > 40)
        for (text, tokens) in cases {
            #expect(tokenizer.encode(text, specialTokens: .parsed, addBoundaryTokens: false) == tokens, "\(text)")
        }
    }
}
