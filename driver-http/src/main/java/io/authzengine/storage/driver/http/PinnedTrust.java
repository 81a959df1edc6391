package io.authzengine.storage.driver.http;

import io.authzengine.storage.policy.Sha256;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Trusts whom another trusts, if one of the expected keys is in the chain besides. */
final class PinnedTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager other;
    private final Set<String> pins;

    PinnedTrust(X509ExtendedTrustManager other, Set<String> pins) {
        this.other = other;
        this.pins = pins;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        other.checkServerTrusted(chain, authType, engine);
        requirePin(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        other.checkServerTrusted(chain, authType, socket);
        requirePin(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        other.checkServerTrusted(chain, authType);
        requirePin(chain);
    }

    /** Anybody can append a certificate of somebody else's: only keys that lead to the server's own by signatures count. */
    private void requirePin(X509Certificate[] chain) throws CertificateException {
        for (int i = 0; i < chain.length && (i == 0 || isSignedBy(chain[i - 1], chain[i])); i++) {
            if (pins.contains(pin(chain[i]))) {
                return;
            }
        }
        throw new CertificateException("none of the pinned keys is in the server's chain; its own is " + pin(chain[0]));
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    static String pin(X509Certificate certificate) {
        return "sha256/"
                + Base64.getEncoder()
                        .encodeToString(Sha256.of(certificate.getPublicKey().getEncoded()));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        other.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        other.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        other.checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return other.getAcceptedIssuers();
    }
}
