package io.authzengine.storage.it.matrix;

/** What can be done to a backend beside changing what it holds. */
@SuppressWarnings("ImmutableEnumChecker") // What it holds is never changed.
enum Harm {
    /** Its connections are treated as a fault policy says. */
    WIRE,
    /** Its process or listener ends, and comes back with the same data. */
    KILLED,
    /** The credentials that the driver has stop being good. */
    REVOKED,
    /** The directory, branch, table or document is not there any more. */
    GONE,
    /** It answers that it has too much to do. */
    BUSY,
    /** Its answers end too early. */
    CUT_SHORT,
    /** It changes without telling. */
    MUTE,
    /** The directory itself is replaced by another one of its name at each change. */
    REPLACED
}
