package io.authzengine.storage.server.http;

/** What somebody may do. */
public enum Right {
    /** To see what is served and how it is. */
    READ,
    /** To decide what is served; whoever may, may read as well. */
    CHANGE
}
