package io.authzengine.storage.driver.git;

import java.io.IOException;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.client.config.hosts.KnownHostEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.sshd.ServerKeyDatabase;
import org.jspecify.annotations.Nullable;

/** Accepts the keys of servers that are known, and no others. Read anew for each connection. */
final class KnownHosts implements ServerKeyDatabase {
    private static final int SSH_PORT = 22;

    private final GitSecret source;
    private final List<KnownHostEntry> entries;
    // Written by a thread of the connection before that fails.
    private volatile SshSessions.@Nullable RefusedException refusal;

    private KnownHosts(GitSecret source, List<KnownHostEntry> entries) {
        this.source = source;
        this.entries = entries;
    }

    static KnownHosts read(Optional<GitSecret> configured) throws IOException {
        Path own = Path.of(System.getProperty("user.home"), ".ssh", "known_hosts");
        GitSecret source = configured.orElseGet(() -> GitSecret.in(own));
        String text = configured.isEmpty() && !Files.exists(own) ? "" : source.read();
        return new KnownHosts(source, KnownHostEntry.readKnownHostEntries(new StringReader(text), true));
    }

    /** Returns why the last server was refused, if one was. */
    SshSessions.@Nullable RefusedException refusal() {
        return refusal;
    }

    private List<KnownHostEntry> matching(String connectAddress, InetSocketAddress remote) {
        String host = connectAddress;
        int colon = connectAddress.lastIndexOf(':');
        if (colon > 0 && connectAddress.indexOf(':') == colon) {
            host = connectAddress.substring(0, colon);
        }
        if (host.startsWith("[") && host.indexOf(']') > 0) {
            host = host.substring(1, host.indexOf(']'));
        }
        int port = remote.getPort() > 0 ? remote.getPort() : SSH_PORT;
        List<KnownHostEntry> matching = new ArrayList<>();
        for (KnownHostEntry entry : entries) {
            if (entry.getKeyEntry() != null && entry.isHostMatch(host, port)) {
                matching.add(entry);
            }
        }
        return matching;
    }

    private static @Nullable PublicKey key(KnownHostEntry entry) {
        try {
            return entry.getKeyEntry().resolvePublicKey(null, null, PublicKeyEntryResolver.IGNORING);
        } catch (IOException | GeneralSecurityException e) {
            return null; // Of a type nobody here knows, so no server can show it.
        }
    }

    @Override
    public List<PublicKey> lookup(String connectAddress, InetSocketAddress remote, Configuration config) {
        List<PublicKey> keys = new ArrayList<>();
        for (KnownHostEntry entry : matching(connectAddress, remote)) {
            PublicKey key = key(entry);
            if (key != null && !isMarked(entry)) {
                keys.add(key);
            }
        }
        return keys;
    }

    private static boolean isMarked(KnownHostEntry entry) {
        return entry.getMarker() != null && !entry.getMarker().isEmpty();
    }

    @Override
    public boolean accept(
            String connectAddress,
            InetSocketAddress remote,
            PublicKey serverKey,
            Configuration config,
            @Nullable CredentialsProvider provider) {
        boolean known = false;
        boolean accepted = false;
        for (KnownHostEntry entry : matching(connectAddress, remote)) {
            PublicKey key = key(entry);
            boolean same = key != null && KeyUtils.compareKeys(key, serverKey);
            if (same && "revoked".equals(entry.getMarker())) {
                refuse(connectAddress, serverKey, "the server's key is revoked in known_hosts");
                return false;
            }
            if (!isMarked(entry)) {
                known = true;
                accepted |= same;
            }
        }
        if (!accepted) {
            refuse(
                    connectAddress,
                    serverKey,
                    known
                            ? "the server's key is not the one in known_hosts: it was changed, or somebody stands between"
                            : "the server's key is not known");
        }
        return accepted;
    }

    private void refuse(String address, PublicKey key, String reason) {
        String type = KeyUtils.getKeyType(key);
        String line = PublicKeyEntry.toString(key);
        refusal = new SshSessions.RefusedException(
                reason + "; it showed " + type + " " + KeyUtils.getFingerPrint(key),
                "compare this fingerprint with the one the server's operator publishes; if they are the same, add to "
                        + (source.toString().equals("***")
                                ? "knownHosts"
                                : source.toString().substring("file:".length()))
                        + " the line: " + address + " " + line);
    }
}
