package io.authzengine.storage.driver.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** What the files of {@code tls} say, as the client takes it. */
record TlsFiles(HttpConfig.Tls config) {
    private static final char[] NO_PASSWORD = new char[0];
    private static final List<String> KEY_KINDS = List.of("RSA", "EC", "Ed25519");

    /** Returns what changes when one of the files does. */
    List<String> stamp() throws IOException {
        List<String> stamps = new ArrayList<>();
        for (Path file : Stream.of(config.ca(), config.certificate(), config.key())
                .flatMap(Optional::stream)
                .toList()) {
            stamps.add(Files.getLastModifiedTime(file) + " " + Files.size(file));
        }
        return stamps;
    }

    /** Returns the context that connections are made with. */
    SSLContext context() throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers(), new TrustManager[] {trust()}, null);
        return context;
    }

    private X509ExtendedTrustManager trust() throws IOException, GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(config.ca().isPresent() ? authorities(config.ca().get()) : null);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager x509) {
                return config.pins().isEmpty() ? x509 : new PinnedTrust(x509, config.pins());
            }
        }
        throw new GeneralSecurityException("this Java has no trust manager for X.509");
    }

    private static KeyStore authorities(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = empty();
        for (Certificate certificate : certificates(file)) {
            store.setCertificateEntry("ca-" + store.size(), certificate);
        }
        return store;
    }

    private KeyManager @Nullable [] keyManagers() throws IOException, GeneralSecurityException {
        if (config.certificate().isEmpty() || config.key().isEmpty()) {
            return null;
        }
        KeyStore store = empty();
        store.setKeyEntry(
                "client",
                key(config.key().get()),
                NO_PASSWORD,
                certificates(config.certificate().get()).toArray(new Certificate[0]));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws IOException, GeneralSecurityException {
        byte[] pem = Files.readAllBytes(file);
        try {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
            if (!found.isEmpty()) {
                return found;
            }
        } catch (CertificateException e) {
            throw new CertificateException("there is no certificate in " + file, e);
        }
        throw new CertificateException("there is no certificate in " + file);
    }

    private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        String pem = Files.readString(file, StandardCharsets.US_ASCII);
        int begin = pem.indexOf("-----BEGIN PRIVATE KEY-----");
        int end = pem.indexOf("-----END PRIVATE KEY-----");
        if (begin < 0 || end < begin) {
            throw new GeneralSecurityException("there is no PKCS#8 private key in " + file);
        }
        String base64 = pem.substring(begin + "-----BEGIN PRIVATE KEY-----".length(), end);
        PKCS8EncodedKeySpec encoded =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64));
        InvalidKeySpecException none = new InvalidKeySpecException("neither RSA nor EC nor Ed25519: " + file);
        for (String kind : KEY_KINDS) {
            try {
                return KeyFactory.getInstance(kind).generatePrivate(encoded);
            } catch (InvalidKeySpecException otherKind) {
                none.addSuppressed(otherKind);
            }
        }
        throw none;
    }
}
