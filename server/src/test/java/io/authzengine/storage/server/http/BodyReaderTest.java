package io.authzengine.storage.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BodyReaderTest {
    private static final int MAX = 10_000;

    private long now;
    private final BodyReader reader = new BodyReader(MAX, () -> now);

    @Test
    void readsAllThereIs() throws Exception {
        byte[] body = new byte[MAX];
        body[MAX - 1] = 1;
        assertThat(reader.read(new ByteArrayInputStream(body))).isEqualTo(body);
        assertThat(reader.read(InputStream.nullInputStream())).isEmpty();
    }

    @Test
    void readsNoMoreThanItMay() {
        assertThatThrownBy(() -> reader.read(new ByteArrayInputStream(new byte[MAX + 1])))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.code()).isEqualTo(ProblemCode.BODY_TOO_LARGE));
    }

    @Test
    void givesUpWhatComesByteByByte() {
        Trickle trickle = new Trickle(Duration.ofSeconds(5));
        assertThatThrownBy(() -> reader.read(trickle))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.code()).isEqualTo(ProblemCode.BODY_TOO_SLOW));
        assertThat(trickle.sent).isEqualTo(7);
    }

    /** A byte now and then, without end. */
    private final class Trickle extends InputStream {
        private final Duration pause;
        private int sent;

        Trickle(Duration pause) {
            this.pause = pause;
        }

        @Override
        public int read() {
            now += pause.toNanos();
            sent++;
            return 'x';
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            into[offset] = (byte) read();
            return 1;
        }
    }
}
