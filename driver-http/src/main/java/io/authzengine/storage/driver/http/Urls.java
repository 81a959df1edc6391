package io.authzengine.storage.driver.http;

import java.net.URI;
import java.util.List;
import java.util.Locale;

/** What is read off a URL. */
final class Urls {
    private Urls() {}

    /** Returns {@code url} as it may be shown: without user and query, which may hold credentials. */
    static String shown(URI url) {
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return origin(url) + path;
    }

    /** Returns scheme, host and port, the same for the same server. */
    static String origin(URI url) {
        String scheme = url.getScheme().toLowerCase(Locale.ROOT);
        int usual = scheme.equals("https") ? 443 : 80;
        boolean isUsual = url.getPort() < 0 || url.getPort() == usual;
        return scheme + "://" + host(url) + (isUsual ? "" : ":" + url.getPort());
    }

    static String host(URI url) {
        return url.getHost().toLowerCase(Locale.ROOT);
    }

    static boolean isSecure(URI url) {
        return "https".equalsIgnoreCase(url.getScheme());
    }

    /** Returns the last part of the path; empty if it ends in {@code /}. */
    static String name(URI url) {
        String path = url.getPath() == null ? "" : url.getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Returns whether two of {@code urls} have the same {@link #name}. */
    static boolean shareAName(List<URI> urls) {
        return urls.stream().map(Urls::name).distinct().count() < urls.size();
    }

    /** Returns where the signature of what is at {@code url} is: beside it, with {@code .sig} after its path. */
    static URI signature(URI url) {
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        return URI.create(shown(url) + ".sig" + query);
    }
}
