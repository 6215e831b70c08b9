/// Where in a text control tokens may be recognised by their spelling.
///
/// User-defined tokens are recognised everywhere in any case: they are ordinary vocabulary that was added as a whole.
public enum SpecialTokens: Sendable, Hashable {
    /// Everywhere: for text that is a prompt's own, such as a rendered template without anything of a user.
    case parsed

    /// Nowhere: `<|im_start|>` is 12 characters of text.
    case plainText

    /// In these ranges of UTF-8 offsets: a token must lie wholly in one of them.
    case parsedIn([Range<Int>])
}
