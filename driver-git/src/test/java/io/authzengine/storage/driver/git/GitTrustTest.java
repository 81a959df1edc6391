package io.authzengine.storage.driver.git;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.git.remote.GitCommand;
import io.authzengine.storage.driver.git.remote.GitHttpServer;
import io.authzengine.storage.driver.git.remote.GitSshServer;
import io.authzengine.storage.driver.git.remote.Origin;
import io.authzengine.storage.driver.git.remote.SshKeys;
import io.authzengine.storage.error.AuthenticationFailedException;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.testkit.SamplePolicies;
import java.io.File;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitTrustTest {
    @TempDir
    Path directory;

    private @Nullable Origin made;

    @BeforeEach
    void make() {
        made = Origin.create(directory.resolve("origin.git"));
        origin().with("album.yaml", SamplePolicies.resource("album")).commit("album");
    }

    @AfterEach
    void close() {
        origin().close();
    }

    private Origin origin() {
        return Objects.requireNonNull(made);
    }

    private static GitTrust knowing(String knownHosts) {
        return new GitTrust(Optional.of(GitSecret.of(knownHosts)), Optional.empty(), Optional.empty());
    }

    @Nested
    class Ssh {
        @Test
        void takesKeysOfEachTypeLockedOrNot() throws Exception {
            try (GitSshServer server = GitSshServer.start(origin().repository())) {
                Map<String, String> passphrases = Map.of("ed25519", "locked", "ecdsa", "", "rsa", "locked");
                for (String type : passphrases.keySet()) {
                    String passphrase = passphrases.get(type);
                    SshKeys key = SshKeys.generate(directory.resolve("id-" + type), type, passphrase);
                    server.serve(origin().repository(), key.publicKey());
                    Optional<GitSecret> secret =
                            passphrase.isEmpty() ? Optional.empty() : Optional.of(GitSecret.of(passphrase));
                    GitAuth text = new GitAuth.Ssh(GitSecret.of(Files.readString(key.privateFile())), secret);
                    try (Follower follower = Follower.of(
                            GitConfig.of(server.url()).withAuth(text).withTrust(knowing(server.knownHosts())))) {
                        assertThat(follower.names()).containsExactly("album");
                    }
                }
            }
        }

        @Test
        void refusesAServerThatIsNotKnownAndSaysWhatItShowed() throws Exception {
            SshKeys key = SshKeys.generate(directory.resolve("id"), "ecdsa", "");
            SshKeys other = SshKeys.generate(directory.resolve("other"), "ecdsa", "");
            try (GitSshServer server = GitSshServer.start(origin().repository())) {
                server.serve(origin().repository(), key.publicKey());
                GitConfig config = GitConfig.of(server.url())
                        .withAuth(new GitAuth.Ssh(GitSecret.in(key.privateFile()), Optional.empty()));
                try (Follower unknown = new Follower(config.withTrust(knowing("example.com ssh-rsa AAAA")));
                        Follower changed = new Follower(config.withTrust(
                                knowing(server.knownHosts().split(" ", 2)[0] + " " + other.publicLine())));
                        Follower revoked = new Follower(config.withTrust(knowing("@revoked " + server.knownHosts())))) {
                    assertThat(unknown.refusal())
                            .isInstanceOf(AuthenticationFailedException.class)
                            .hasMessageContaining("the server's key is not known")
                            .hasMessageContaining(server.fingerprint())
                            .hasMessageContaining("add to knownHosts the line: " + server.knownHosts());
                    assertThat(changed.refusal())
                            .isInstanceOf(AuthenticationFailedException.class)
                            .hasMessageContaining("not the one in known_hosts");
                    assertThat(revoked.refusal())
                            .isInstanceOf(AuthenticationFailedException.class)
                            .hasMessageContaining("revoked");
                }
            }
        }

        @Test
        void tellsWhenTheKeyIsRefusedOrCannotBeRead() throws Exception {
            SshKeys key = SshKeys.generate(directory.resolve("id"), "ecdsa", "");
            SshKeys locked = SshKeys.generate(directory.resolve("locked"), "ed25519", "right");
            try (GitSshServer server = GitSshServer.start(origin().repository())) {
                server.serve(origin().repository(), locked.publicKey());
                GitConfig config = GitConfig.of(server.url()).withTrust(knowing(server.knownHosts()));
                try (Follower stranger = new Follower(
                                config.withAuth(new GitAuth.Ssh(GitSecret.in(key.privateFile()), Optional.empty())));
                        Follower forgetful = new Follower(config.withAuth(new GitAuth.Ssh(
                                GitSecret.in(locked.privateFile()), Optional.of(GitSecret.of("wrong")))));
                        Follower mistaken = new Follower(
                                config.withAuth(new GitAuth.Ssh(GitSecret.of("no key"), Optional.empty())))) {
                    assertThat(stranger.refusal())
                            .isInstanceOf(AuthenticationFailedException.class)
                            .hasMessageContaining("the server refuses the key");
                    assertThat(forgetful.refusal())
                            .isInstanceOf(AuthenticationFailedException.class)
                            .hasMessageContaining("the private key cannot be read")
                            .hasMessageNotContaining("wrong");
                    assertThat(mistaken.refusal()).hasMessageContaining("the private key cannot be read");
                }
            }
        }
    }

    @Nested
    class Tls {
        private SSLContext certified(Path certificate) throws Exception {
            Path store = directory.resolve("tls.p12");
            String keytool =
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
            GitCommand.run(
                    directory,
                    keytool,
                    "-genkeypair",
                    "-alias",
                    "git",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "san=dns:localhost",
                    "-keystore",
                    store.toString(),
                    "-storepass",
                    "changeit",
                    "-storetype",
                    "PKCS12");
            GitCommand.run(
                    directory,
                    keytool,
                    "-exportcert",
                    "-rfc",
                    "-alias",
                    "git",
                    "-keystore",
                    store.toString(),
                    "-storepass",
                    "changeit",
                    "-file",
                    certificate.toString());
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                keys.load(in, "changeit".toCharArray());
            }
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(keys, "changeit".toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(factory.getKeyManagers(), null, null);
            return context;
        }

        @Test
        void believesTheAuthorityThatIsNamedAndNoOther() throws Exception {
            Path certificate = directory.resolve("ca.pem");
            try (GitHttpServer server = GitHttpServer.start(origin().repository(), certified(certificate))) {
                GitConfig config = GitConfig.of(server.url());
                GitTrust trust = new GitTrust(Optional.empty(), Optional.of(certificate), Optional.empty());
                try (Follower stranger = new Follower(config);
                        Follower follower = Follower.of(config.withTrust(trust))) {
                    assertThat(follower.names()).containsExactly("album");
                    assertThat(stranger.refusal())
                            .isInstanceOf(ConnectionFailedException.class)
                            .hasMessageContaining("caCertificate");
                }
            }
        }
    }

    @Nested
    class Signatures {
        private GitConfig signedBy(Path allowedSigners) {
            return GitConfig.of("file://" + work())
                    .withSignatures(new GitSignatures(Optional.of(allowedSigners), Optional.empty()));
        }

        private Path work() {
            return directory.resolve("work");
        }

        private void commit(String name, String... options) throws Exception {
            if (!Files.exists(work())) {
                Files.createDirectory(work());
                GitCommand.git(work(), "init", "-q", "-b", "main");
            }
            Files.writeString(work().resolve(name + ".yaml"), SamplePolicies.resource(name));
            GitCommand.git(work(), "add", ".");
            String[] arguments = new String[options.length + 4];
            System.arraycopy(options, 0, arguments, 0, options.length);
            System.arraycopy(new String[] {"commit", "-q", "-m", name}, 0, arguments, options.length, 4);
            GitCommand.git(work(), arguments);
        }

        private void commitWith(SshKeys key, String name) throws Exception {
            commit(
                    name,
                    "-c",
                    "gpg.format=ssh",
                    "-c",
                    "commit.gpgsign=true",
                    "-c",
                    "user.signingkey=" + key.publicFile());
        }

        @Test
        void withSshKeysCountIfTheKeyIsAllowed() throws Exception {
            SshKeys allowed = SshKeys.generate(directory.resolve("allowed"), "ed25519", "");
            SshKeys stranger = SshKeys.generate(directory.resolve("stranger"), "ed25519", "");
            Path signers = Files.writeString(
                    directory.resolve("signers"), "ada@example.com namespaces=\"git\" " + allowed.publicLine() + "\n");
            commitWith(allowed, "album");
            try (Follower follower = Follower.of(signedBy(signers))) {
                assertThat(follower.names()).containsExactly("album");
                commit("book");
                follower.poll();
                assertThat(follower.names()).containsExactly("album");
                assertThat(follower.load().errors())
                        .singleElement()
                        .satisfies(error -> assertThat(error.findings().get(0).message())
                                .contains("is not served: it is not signed"));
                follower.look();
                assertThat(follower.names()).containsExactly("album");
                commitWith(stranger, "car");
                follower.poll();
                assertThat(follower.load().errors().get(0).findings().get(0).message())
                        .contains("does not count");
                assertThat(follower.names()).containsExactly("album");
                GitCommand.git(work(), "reset", "-q", "--hard", "HEAD~2");
                follower.poll();
                assertThat(follower.load().errors()).isEmpty();
                commitWith(stranger, "car");
                follower.poll();
                assertThat(follower.load().errors()).hasSize(1);
                commitWith(allowed, "door");
                follower.poll();
                assertThat(follower.load().errors()).isEmpty();
                assertThat(follower.names()).containsExactly("album", "car", "door");
            }
        }

        @Test
        void areAskedForAtTheFirstLoadToo() throws Exception {
            SshKeys allowed = SshKeys.generate(directory.resolve("allowed"), "ecdsa", "");
            Path signers =
                    Files.writeString(directory.resolve("signers"), "ada@example.com " + allowed.publicLine() + "\n");
            commit("album");
            try (Follower follower = new Follower(signedBy(signers))) {
                assertThat(follower.refusal())
                        .isInstanceOf(ValidationException.class)
                        .hasMessageContaining("it is not signed")
                        .hasMessageContaining("allowedSigners");
            }
        }

        @Test
        void ofATagAndOfAKeyThatWasTakenAwayDoNotCount() throws Exception {
            SshKeys allowed = SshKeys.generate(directory.resolve("allowed"), "ed25519", "");
            Path signers =
                    Files.writeString(directory.resolve("signers"), "ada@example.com " + allowed.publicLine() + "\n");
            commitWith(allowed, "album");
            GitCommand.git(work(), "tag", "release");
            try (Follower follower = Follower.of(signedBy(signers).withBranch("release"))) {
                assertThat(follower.names()).containsExactly("album");
                commit("book");
                GitCommand.git(
                        work(),
                        "-c",
                        "gpg.format=ssh",
                        "-c",
                        "user.signingkey=" + allowed.publicFile(),
                        "tag",
                        "-f",
                        "-s",
                        "-m",
                        "two",
                        "release");
                follower.poll();
                assertThat(follower.load().errors().get(0).findings().get(0).message())
                        .contains("it is not signed");
                Files.writeString(signers, "# Nobody any more.\n");
                commitWith(allowed, "car");
                GitCommand.git(work(), "tag", "-f", "release");
                follower.poll();
                assertThat(follower.load().errors().get(0).findings().get(0).message())
                        .contains("does not count");
                assertThat(follower.names()).containsExactly("album");
            }
        }

        @Test
        void withOpenPgpCountIfTheKeyIsInTheRing() throws Exception {
            Path home = Files.createDirectory(directory.resolve("gnupg"));
            home.toFile().setReadable(false, false);
            home.toFile().setReadable(true, true);
            String[] keys = {"ada@example.com", "eve@example.com"};
            for (String user : keys) {
                GitCommand.run(
                        directory,
                        "gpg",
                        "--homedir",
                        home.toString(),
                        "--batch",
                        "--quiet",
                        "--pinentry-mode",
                        "loopback",
                        "--passphrase",
                        "",
                        "--quick-generate-key",
                        user,
                        "ed25519",
                        "sign",
                        "never");
            }
            Path ring = directory.resolve("ring.asc");
            GitCommand.run(
                    directory,
                    "gpg",
                    "--homedir",
                    home.toString(),
                    "--batch",
                    "--armor",
                    "--output",
                    ring.toString(),
                    "--export",
                    keys[0]);
            Path program = Files.writeString(
                    directory.resolve("gpg-here"), "#!/bin/sh\nexec gpg --homedir '" + home + "' \"$@\"\n");
            assertThat(program.toFile().setExecutable(true)).isTrue();
            GitConfig config = GitConfig.of("file://" + work())
                    .withSignatures(new GitSignatures(Optional.empty(), Optional.of(ring)));
            commit(
                    "album",
                    "-c",
                    "gpg.program=" + program,
                    "-c",
                    "commit.gpgsign=true",
                    "-c",
                    "user.signingkey=" + keys[0]);
            try (Follower follower = Follower.of(config)) {
                assertThat(follower.names()).containsExactly("album");
                commit(
                        "book",
                        "-c",
                        "gpg.program=" + program,
                        "-c",
                        "commit.gpgsign=true",
                        "-c",
                        "user.signingkey=" + keys[1]);
                follower.poll();
                assertThat(follower.load().errors().get(0).findings().get(0).message())
                        .contains("which is not in 'keyRing'");
                assertThat(follower.names()).containsExactly("album");
            } finally {
                GitCommand.run(directory, "gpgconf", "--homedir", home.toString(), "--kill", "all");
            }
        }
    }

    /** A configuration of the user that would lead everything astray. */
    private static final class Misleading extends SystemReader.Delegate {
        Misleading(SystemReader original) {
            super(original);
        }

        @Override
        public StoredConfig getUserConfig() {
            return openUserConfig(null, FS.DETECTED);
        }

        @Override
        public FileBasedConfig openUserConfig(@Nullable Config parent, FS fs) {
            FileBasedConfig config = new FileBasedConfig(new File("none"), fs);
            config.setString("http", null, "proxy", "http://127.0.0.1:1");
            config.setString("http", null, "extraHeader", "X-Astray: yes");
            config.setString("url", "file:///nowhere/", "insteadOf", "http://");
            config.setInt("protocol", null, "version", 0);
            return config;
        }
    }

    @Test
    void theUsersConfigurationHasNoSay() throws Exception {
        SystemReader before = SystemReader.getInstance();
        SystemReader misleading = new Misleading(before);
        SystemReader.setInstance(misleading);
        try (GitHttpServer server = GitHttpServer.start(origin().repository());
                Follower follower = Follower.of(GitConfig.of(server.url()))) {
            assertThat(follower.names()).containsExactly("album");
            assertThat(SystemReader.getInstance().getUserConfig().getString("http", null, "proxy"))
                    .isEqualTo("http://127.0.0.1:1");
        } finally {
            SystemReader.setInstance(before);
        }
    }
}
