package io.authzengine.storage.driver.blob.s3;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.blob.s3.remote.S3Server;
import java.util.Collections;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The server the tests of this module rely on. */
class S3ServerTest {
    @Test
    void takesWhatIsWrittenRightAfterItCameBack() throws InterruptedException {
        try (S3Server server = S3Server.start();
                StorageContext context = StorageContext.create("test")) {
            server.make("bucket");
            Callable<Boolean> writing = () -> {
                for (int i = 0; i < 20; i++) {
                    server.put("bucket", Thread.currentThread().getName(), "text");
                }
                return true;
            };
            context.workers().invokeAll(Collections.nCopies(16, writing));
            server.down();
            server.up();
            assertThatCode(() -> server.put("bucket", "policies/album.yaml", "text"))
                    .doesNotThrowAnyException();
        }
    }
}
