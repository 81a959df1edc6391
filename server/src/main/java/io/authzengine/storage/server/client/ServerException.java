package io.authzengine.storage.server.client;

/** A policyd that runs did not do what it was asked. What it serves stays as it was. */
public final class ServerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Whose turn it is. */
    public enum Kind {
        /** It cannot be reached, is not policyd, or failed. */
        UNAVAILABLE,
        /** It wants a token, or another one. */
        FORBIDDEN,
        /** What was asked for is not there, or was judged and refused. */
        REFUSED,
        /** The request makes no sense. */
        MISUSED
    }

    private final Kind kind;

    ServerException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    ServerException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** Returns whose turn it is. */
    public Kind kind() {
        return kind;
    }
}
