package io.authzengine.storage.server;

/** In which form data is printed. */
enum OutputFormat {
    /** For people. */
    TABLE,
    /** For programs. */
    JSON,
    /** For programs and people. */
    YAML
}
