package io.authzengine.storage.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundleTest {
    private static final int TYPE = 156;

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static SortedMap<String, byte[]> entries(String... namesAndTexts) {
        SortedMap<String, byte[]> entries = new TreeMap<>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            entries.put(namesAndTexts[i], utf8(namesAndTexts[i + 1]));
        }
        return entries;
    }

    private static byte[] zip(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private static SortedMap<String, byte[]> read(byte[] archive) throws BundleException {
        return Bundle.read(archive, BundleLimits.DEFAULT, name -> true);
    }

    private static byte[] tarOf(String name, char type) {
        byte[] tar = TarWriter.write(entries(name, "text"));
        tar[TYPE] = (byte) type;
        fixSum(tar);
        return tar;
    }

    private static void fixSum(byte[] tar) {
        Arrays.fill(tar, 148, 156, (byte) ' ');
        int sum = 0;
        for (int i = 0; i < TarReader.BLOCK; i++) {
            sum += tar[i] & 0xff;
        }
        byte[] digits = utf8("%06o\0 ".formatted(sum));
        System.arraycopy(digits, 0, tar, 148, digits.length);
    }

    @Nested
    class Archives {
        @Test
        void comeOutAsTheyWentIn() throws IOException {
            SortedMap<String, byte[]> entries = entries(
                    "a.yaml", "one", "b/c.yaml", "", "n".repeat(120) + "/ü.yaml", "x".repeat(5000), "empty.yaml", "");
            for (byte[] archive : new byte[][] {Bundle.write(entries), TarWriter.write(entries), zip(entries)}) {
                assertThat(Bundle.isBundle(archive)).isTrue();
                assertThat(read(archive)).containsExactlyEntriesOf(entries);
            }
        }

        @Test
        void mayHoldNothing() throws IOException {
            assertThat(read(Bundle.write(new TreeMap<>()))).isEmpty();
            assertThat(read(zip(Map.of()))).isEmpty();
        }

        @Test
        void giveOnlyWhatIsWanted() throws IOException {
            byte[] archive = Bundle.write(entries("a.yaml", "1", "README.md", "2"));
            assertThat(Bundle.read(archive, BundleLimits.DEFAULT, name -> name.endsWith(".yaml")))
                    .containsOnlyKeys("a.yaml");
        }

        @Test
        void areTheSameWheneverTheyAreWritten() {
            assertThat(Bundle.write(entries("a", "1", "b", "2"))).isEqualTo(Bundle.write(entries("b", "2", "a", "1")));
        }

        @Test
        void areToldFromDocuments() {
            for (String document : new String[] {"", "rules: []", "{\"rules\": []}", "PK is not enough"}) {
                assertThat(Bundle.isBundle(utf8(document))).isFalse();
                assertThatThrownBy(() -> read(utf8(document))).isInstanceOf(BundleException.class);
            }
        }
    }

    @Nested
    class Damage {
        @Test
        void aTruncatedArchiveIsRefusedWhereverItIsCut() throws IOException {
            SortedMap<String, byte[]> entries = entries("a.yaml", "one", "b.yaml", "two", "c.yaml", "three");
            for (byte[] whole : new byte[][] {Bundle.write(entries), zip(entries)}) {
                for (int length = 0; length < whole.length; length++) {
                    byte[] cut = Arrays.copyOf(whole, length);
                    assertThatThrownBy(() -> read(cut)).as("cut at %d", length).isInstanceOf(BundleException.class);
                }
            }
            byte[] tar = TarWriter.write(entries);
            for (int length = 0; length <= tar.length - 2 * TarReader.BLOCK; length += 64) {
                byte[] cut = Arrays.copyOf(tar, length);
                assertThatThrownBy(() -> read(cut)).as("cut at %d", length).isInstanceOf(BundleException.class);
            }
        }

        @Test
        void aFlippedBitNeverYieldsAnotherContent() throws IOException {
            SortedMap<String, byte[]> entries = entries("a.yaml", "one".repeat(50), "b.yaml", "two".repeat(50));
            for (byte[] whole : new byte[][] {Bundle.write(entries), zip(entries)}) {
                for (int at = 0; at < whole.length; at++) {
                    byte[] flipped = whole.clone();
                    flipped[at] ^= 0x10;
                    try {
                        read(flipped)
                                .forEach((name, content) ->
                                        assertThat(entries.values()).contains(content));
                    } catch (BundleException refused) {
                        assertThat(refused).hasMessageNotContaining("null");
                    }
                }
            }
        }

        @Test
        void noiseIsRefusedAndNeverMore() {
            long seed = 42;
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < 2000; i++) {
                byte[] noise = new byte[random.nextInt(2048)];
                random.nextBytes(noise);
                byte[] start = i % 2 == 0 ? new byte[] {'P', 'K', 5, 6} : new byte[] {'P', 'K', 3, 4};
                System.arraycopy(start, 0, noise, 0, Math.min(start.length, noise.length));
                assertThatCode(() -> {
                            try {
                                read(noise);
                            } catch (BundleException refused) {
                                assertThat(refused.getMessage()).isNotEmpty();
                            }
                        })
                        .as("seed %d, case %d", seed, i)
                        .doesNotThrowAnyException();
            }
        }
    }

    @Nested
    class Hostility {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "../evil.yaml",
                    "a/../../evil.yaml",
                    "/etc/evil.yaml",
                    "C:/evil.yaml",
                    "a\\..\\evil.yaml",
                    "a//b.yaml",
                    "a/./b.yaml",
                    "..",
                    "nul\u0001.yaml"
                })
        void aNameThatLeadsElsewhereRefusesTheArchive(String name) throws IOException {
            SortedMap<String, byte[]> entries = entries(name, "x", "good.yaml", "y");
            for (byte[] archive : new byte[][] {Bundle.write(entries), zip(entries)}) {
                assertThatThrownBy(() -> read(archive))
                        .isInstanceOf(BundleException.class)
                        .hasMessageContaining("names must be relative");
            }
        }

        @ParameterizedTest
        @ValueSource(chars = {'1', '2', '3', '4', '6', 'S', 'K'})
        void linksAndDevicesRefuseTheArchive(char type) {
            assertThatThrownBy(() -> read(tarOf("a.yaml", type)))
                    .isInstanceOf(BundleException.class)
                    .hasMessageContaining("'a.yaml'");
        }

        @Test
        void directoriesAreNothing() throws IOException {
            assertThat(read(tarOf("a/", '5'))).isEmpty();
            assertThat(read(tarOf("a/", '0'))).isEmpty();
        }

        @Test
        void aNameTwiceRefusesTheArchive() {
            byte[] one = TarWriter.write(entries("a.yaml", "one"));
            byte[] two = TarWriter.write(entries("a.yaml", "two"));
            byte[] both = Arrays.copyOf(one, 2 * TarReader.BLOCK + two.length);
            System.arraycopy(two, 0, both, 2 * TarReader.BLOCK, two.length);
            assertThatThrownBy(() -> read(both)).hasMessageContaining("twice");
        }

        @Test
        void aBombIsRefusedBeforeItIsUnpacked() throws IOException {
            SortedMap<String, byte[]> entries = new TreeMap<>(Map.of("a.yaml", new byte[8 << 20]));
            for (byte[] bomb : new byte[][] {Bundle.write(entries), zip(entries)}) {
                assertThatThrownBy(() -> read(bomb)).hasMessageContaining("200 times its size");
                assertThatThrownBy(() -> Bundle.read(bomb, BundleLimits.DEFAULT.withMaxBytes(1 << 20), name -> true))
                        .hasMessageContaining("more than 1048576 bytes");
            }
        }

        @Test
        void tooManyEntriesAreRefusedAlsoIfNobodyWantsThem() throws IOException {
            SortedMap<String, byte[]> entries = new TreeMap<>();
            for (int i = 0; i < 20; i++) {
                entries.put("n" + i, new byte[0]);
            }
            for (byte[] archive : new byte[][] {Bundle.write(entries), zip(entries)}) {
                assertThatThrownBy(() -> Bundle.read(archive, new BundleLimits(1 << 20, 19, 200), name -> false))
                        .hasMessageContaining("19 entries");
            }
        }
    }

    @Nested
    class Deltas {
        private final SortedMap<String, byte[]> changed = entries("a.yaml", "one");

        @Test
        void tellWhatChangedAndWhatIsGone() throws IOException {
            byte[] written = BundleDelta.write(changed, new TreeSet<>(Set.of("b.yaml", "c/d.yaml")));
            BundleDelta delta = BundleDelta.read(written, BundleLimits.DEFAULT, name -> name.endsWith(".yaml"));
            assertThat(delta.changed()).containsOnlyKeys("a.yaml");
            assertThat(delta.changed().get("a.yaml")).isEqualTo(changed.get("a.yaml"));
            assertThat(delta.gone()).containsExactly("b.yaml", "c/d.yaml");
        }

        @Test
        void mayHoldNothing() throws IOException {
            byte[] written = BundleDelta.write(new TreeMap<>(), new TreeSet<>());
            BundleDelta delta = BundleDelta.read(written, BundleLimits.DEFAULT, name -> true);
            assertThat(delta.changed()).isEmpty();
            assertThat(delta.gone()).isEmpty();
        }

        @Test
        void areRefusedIfTheyContradictThemselves() {
            byte[] written = BundleDelta.write(changed, new TreeSet<>(Set.of("a.yaml")));
            assertThatThrownBy(() -> BundleDelta.read(written, BundleLimits.DEFAULT, name -> true))
                    .isInstanceOf(BundleException.class)
                    .hasMessageContaining("it says is gone");
        }

        @Test
        void areCheckedByATagOfNamesAndHashes() {
            SortedMap<String, String> hashes = new TreeMap<>(Map.of("a.yaml", "01", "b.yaml", "02"));
            String tag = BundleDelta.tag(hashes);
            assertThat(tag).matches("[0-9a-f]{64}").isEqualTo(BundleDelta.tag(new TreeMap<>(hashes)));
            hashes.put("b.yaml", "03");
            assertThat(BundleDelta.tag(hashes)).isNotEqualTo(tag);
            hashes.remove("b.yaml");
            assertThat(BundleDelta.tag(hashes)).isNotEqualTo(tag);
        }
    }
}
