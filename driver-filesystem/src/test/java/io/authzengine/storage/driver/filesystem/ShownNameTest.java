package io.authzengine.storage.driver.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownNameTest {
    @ParameterizedTest
    @CsvSource({
        "plain.yaml,            plain.yaml",
        "with%20space.yaml,     with space.yaml",
        "back%5Cslash,          back\\\\slash",
        "line%0Abreak,          line\\u000abreak",
        "escape%1B%5B31m,       escape\\u001b[31m",
        "turned%E2%80%AEgpj,    turned\\u202egpj",
        "no%E4text,             no\\xE4text",
        "no%E4text%5C%0A%20-,   no\\xE4text\\\\\\u000a -",
        "100%25,                100%"
    })
    void hidesNothingAndFoolsNobody(String encoded, String shown) {
        assertThat(ShownName.of(name(encoded))).isEqualTo(shown);
    }

    @Test
    void isDifferentForNamesThatAreDifferent() {
        assertThat(ShownName.of(name("a%E4"))).isNotEqualTo(ShownName.of(name("a%E5")));
        assertThat(ShownName.of(name("a%0A"))).isNotEqualTo(ShownName.of(name("a%5Cu000a")));
    }

    @Test
    void showsAWholePath() {
        assertThat(ShownName.ofPath(Path.of(URI.create("file:///a%0A/b%E4")))).isEqualTo("/a\\u000a/b\\xE4");
        assertThat(ShownName.ofPath(Path.of("a/b"))).isEqualTo("a/b");
    }

    private static Path name(String encoded) {
        return Path.of(URI.create("file:///" + encoded)).getFileName();
    }
}
