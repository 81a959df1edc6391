package io.authzengine.storage.driver.git;

import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jgit.transport.URIish;

/**
 * Where a repository is: {@code https://…}, {@code http://…}, {@code ssh://…}, {@code git@host:org/repo} or {@code file:///…}. Holds no
 * credentials, so that it can be shown.
 */
public final class GitRemoteUrl {
    private static final Set<String> HTTP = Set.of("https", "http");
    private static final String EXPECTED =
            "expected https://host/org/repo.git, git@host:org/repo.git, ssh://… or file:///…";

    private final URIish uri;
    private final String scheme;

    private GitRemoteUrl(URIish uri, String scheme) {
        this.uri = uri;
        this.scheme = scheme;
    }

    /**
     * Reads {@code text}.
     *
     * @throws IllegalArgumentException if it is none of these, or holds credentials; the message does not repeat it
     */
    public static GitRemoteUrl parse(String text) {
        URIish uri;
        try {
            uri = new URIish(text.strip());
        } catch (URISyntaxException e) {
            // Without the cause, whose message has the text and with it perhaps a credential.
            throw new IllegalArgumentException("repository: " + EXPECTED);
        }
        String scheme = uri.getScheme() == null
                ? uri.getHost() == null ? "" : "ssh"
                : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean remote = HTTP.contains(scheme) || scheme.equals("ssh");
        if ((uri.getScheme() == null && text.contains("::"))
                || (remote ? uri.getHost() == null : !scheme.equals("file"))) {
            throw new IllegalArgumentException("repository: " + EXPECTED);
        }
        if (uri.getPass() != null || (HTTP.contains(scheme) && uri.getUser() != null)) {
            throw new IllegalArgumentException(
                    "repository: credentials in a URL end up in logs; put them into 'auth', such as auth: {type: token, token: ${GIT_TOKEN}}");
        }
        if (text.indexOf('?') >= 0 || text.indexOf('#') >= 0) {
            throw new IllegalArgumentException("repository: a repository's URL has no ? and no #; " + EXPECTED);
        }
        return new GitRemoteUrl(uri, scheme);
    }

    boolean isHttp() {
        return HTTP.contains(scheme);
    }

    boolean isSsh() {
        return scheme.equals("ssh");
    }

    /** Returns whether what is sent can be read on its way. */
    boolean isPlainHttp() {
        return scheme.equals("http");
    }

    URIish uri() {
        return uri;
    }

    @Override
    public String toString() {
        return uri.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GitRemoteUrl url && url.uri.equals(uri);
    }

    @Override
    public int hashCode() {
        return uri.hashCode();
    }
}
