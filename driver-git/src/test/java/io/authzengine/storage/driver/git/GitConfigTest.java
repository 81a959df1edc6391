package io.authzengine.storage.driver.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.config.ConfigException;
import io.authzengine.storage.config.StorageConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitConfigTest {
    private static GitConfig read(String settings) {
        StorageConfig config = StorageConfig.parse(
                "storage: {driver: git, git: {" + settings + "}}\n", "storage.yaml", Map.of("TOKEN", "the-token"));
        return GitSettings.read(config.driver());
    }

    @Test
    void hasDefaults() {
        GitConfig config = read("repository: 'https://example.com/org/policies.git'");
        assertThat(config.branch()).isEqualTo("main");
        assertThat(config.directory()).isEmpty();
        assertThat(config.limits().pollInterval()).isEqualTo(Duration.ofSeconds(60));
        assertThat(config.limits().depth()).isEqualTo(1);
        assertThat(config.auth()).isEqualTo(new GitAuth.None());
        assertThat(config.id()).startsWith("git-").hasSize(12);
        assertThat(config.id())
                .isEqualTo(GitConfig.of("https://example.com/org/policies.git").id());
    }

    @Test
    void takesAllThatTheDesignNames() {
        GitConfig config = read("""
                repository: 'git@github.com:org/policies.git', branch: v1, directory: /policies//a/, pollInterval: 300,
                auth: {type: ssh, privateKey: 'file:/run/key', passphrase: '${TOKEN}'}, localPath: /var/lib/authz,
                extensions: [.yaml], timeout: 10s, depth: 0, exclude: ['drafts/**'], maxRepositorySize: 10,
                knownHosts: 'file:/etc/known_hosts', proxy: 'http://proxy:3128', verify: signed, allowedSigners: /etc/signers
                """);
        assertThat(config.directory()).isEqualTo("policies/a");
        assertThat(config.limits())
                .isEqualTo(new GitConfig.Limits(Duration.ofSeconds(300), Duration.ofSeconds(10), 0, 10L << 20));
        assertThat(config.auth()).isInstanceOf(GitAuth.Ssh.class);
        assertThat(config.localPath()).contains(Path.of("/var/lib/authz"));
        assertThat(config.signatures().required()).isTrue();
        assertThat(config.toString()).contains("file:/run/key").doesNotContain("the-token");
    }

    @Test
    void areDescribedForTheirUsers() {
        assertThat(new GitDriverProvider().settings()).containsKeys("repository", "softAge", "keyRing");
    }

    @Test
    void showsNoCredential() {
        GitConfig config = read("repository: 'https://h/p.git', auth: {type: token, token: '${TOKEN}'}");
        assertThat(config.toString()).doesNotContain("the-token");
        assertThat(config.id()).doesNotContain("the-token");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "type: token, credentials: {token: '${TOKEN}'}",
                "type: token, token: '${TOKEN}'",
                "type: basic, credentials: {username: u, password: '${TOKEN}'}",
                "type: basic, username: u, password: '${TOKEN}'"
            })
    void takesCredentialsAsABlockOrBesideTheType(String auth) {
        GitAuth.Basic read = (GitAuth.Basic)
                read("repository: 'https://h/p.git', auth: {" + auth + "}").auth();
        assertThat(read.username()).isIn("u", GitAuth.TOKEN_USER);
        assertThat(read.toString()).doesNotContain("the-token");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "repository: 'https://token@example.com/p.git'",
                "repository: 'https://user:token@example.com/p.git'",
                "repository: 'https://example.com/p.git?token=token'",
                "repository: 'ext::sh -c token'",
                "repository: 'amazons3://bucket/token'",
                "repository: '/etc/token'",
                "repository: ''",
                "branch: main",
                "repository: 'https://h/p', directory: '../up'",
                "repository: 'https://h/p', branch: ' '",
                "repository: 'https://h/p', depth: -1",
                "repository: 'https://h/p', auth: {type: token}",
                "repository: 'https://h/p', auth: {type: token, token: '${TOKEN}', credentials: {token: '${TOKEN}'}}",
                "repository: 'https://h/p', auth: {type: token, credentials: {tokn: '${TOKEN}'}}",
                "repository: 'https://h/p', auth: {type: ssh, privateKey: '${TOKEN}'}",
                "repository: 'git@h:p', auth: {type: token, token: '${TOKEN}'}",
                "repository: 'https://h/p', verify: signed",
                "repository: 'https://h/p', keyRing: a",
                "repository: 'https://h/p', proxy: 'socks://h:1'",
                "repository: 'https://h/p', proxy: 'http://user:token@h:1'",
                "repository: 'https://h/p', extensions: ['*']",
                "repository: 'https://h/p', brnch: main"
            })
    void refusesWhatWillNotDoWithoutRepeatingCredentials(String settings) {
        assertThatThrownBy(() -> read(settings))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("storage.yaml")
                .hasMessageNotContaining("the-token");
    }
}
