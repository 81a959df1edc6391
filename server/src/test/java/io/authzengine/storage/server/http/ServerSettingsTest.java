package io.authzengine.storage.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.config.ConfigException;
import io.authzengine.storage.config.StorageConfig;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerSettingsTest {
    private static ServerSettings read(String server, Optional<String> listen) {
        StorageConfig config =
                StorageConfig.parse("storage: {type: filesystem, paths: [a]}\n" + server, "storage.yaml", Map.of());
        return ServerSettings.read(config.server(), listen);
    }

    @Test
    void listensOnLoopbackUnlessToldOtherwise() {
        assertThat(read("", Optional.empty()).address()).hasToString("/127.0.0.1:8181");
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:0,127.0.0.1,0", "localhost:8080,127.0.0.1,8080", "[::1]:65535,0:0:0:0:0:0:0:1,65535"})
    void takesHostAndPort(String listen, String host, int port) {
        ServerSettings settings = read("", Optional.of(listen));
        assertThat(settings.address().getAddress().getHostAddress()).isEqualTo(host);
        assertThat(settings.address().getPort()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "8181",
                ":8181",
                "localhost",
                "localhost:",
                "localhost:65536",
                "::1:80",
                "a:b:1",
                "127.0.0.1:-1"
            })
    void refusesWhatIsNoAddress(String listen) {
        assertThatThrownBy(() -> read("", Optional.of(listen)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--listen")
                .hasMessageContaining("HOST:PORT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "listen: '0.0.0.0:80'",
                "listen: '0.0.0.0:80', allowRemote: true",
                "listen: '127.0.0.1:80', allowRemote: true"
            })
    void letsOthersInOnlyIfItAsksWhoTheyAre(String server) {
        assertThatThrownBy(() -> read("server: {" + server + "}\n", Optional.empty()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("server.listen")
                .hasMessageContaining("server.tokens");
        String tokens = ", tokens: [{name: ops, token: '0123456789abcdef', rights: [change]}]";
        ServerSettings settings = read("server: {" + server + tokens + "}\n", Optional.empty());
        assertThat(settings.access().asksWho()).isTrue();
        assertThat(settings.access().tokens())
                .singleElement()
                .satisfies(token -> assertThat(token.rights()).containsExactlyInAnyOrder(Right.READ, Right.CHANGE))
                .satisfies(token -> assertThat(token).hasToString("ops with " + token.rights()));
    }

    @Test
    void takesTokensFromTheEnvironmentAndLetsThemReadUnlessToldMore() {
        StorageConfig config = StorageConfig.parse(
                "storage: {type: filesystem, paths: [a]}\nserver: {tokens: [{name: scraper, token: \"${SCRAPER}\"}]}\n",
                "storage.yaml",
                Map.of("SCRAPER", "a token of some length"));
        AccessToken token = ServerSettings.read(config.server(), Optional.empty())
                .access()
                .tokens()
                .get(0);
        assertThat(token.secret()).isEqualTo("a token of some length");
        assertThat(token.rights()).containsExactly(Right.READ);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tokens: [{name: ops}]|token",
                "tokens: [{name: ops, token: short}]|16",
                "tokens: [{token: 0123456789abcdef}]|name",
                "tokens: [{name: a, token: 0123456789abcdef, rights: [write]}]|rights",
                "tokens: [{name: a, token: 0123456789abcdef}, {name: a, token: 1123456789abcdef}]|tell them apart",
                "cors: ['*']|origins",
                "requestsPerSecond: 0|requestsPerSecond",
                "tls: {keyStore: nowhere.p12}|PKCS #12",
                "tls: {}|keyStore"
            })
    void refusesWhatLetsInTheWrongPeople(String server, String message) {
        assertThatThrownBy(() -> read("server: {" + server + "}\n", Optional.empty()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("0123456789abcdef");
    }

    @Test
    void prefersTheCommandLine() {
        assertThat(read("server: {listen: '127.0.0.1:80'}\n", Optional.of("127.0.0.1:81"))
                        .address()
                        .getPort())
                .isEqualTo(81);
    }

    @Test
    void refusesKeysItDoesNotKnow() {
        assertThatThrownBy(() -> read("server: {lisen: '127.0.0.1:80'}\n", Optional.empty()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("lisen");
    }
}
