/// Bounds of the registry.
enum Limits {
    /// Characters of a model's name: clients put it into URLs and table columns.
    static let nameCharacters = 128

    /// Bytes of the registry file. An entry takes some 500, so this is 30,000 models; more is not a registry.
    static let registryBytes = 16 << 20

    /// Bytes at the start of each tensor that go into a fingerprint: enough to tell two trainings of one model apart,
    /// little enough that a cold file is not read from end to end.
    static let fingerprintBytes = 256
}
