package io.authzengine.storage.driver.blob.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.blob.s3.remote.S3Server;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The server the tests of this module rely on. */
class S3ServerTest {
    @Test
    void listsWhatIsReplacedMeanwhile() throws Exception {
        try (S3Server server = S3Server.start();
                StorageContext context = StorageContext.create("test")) {
            server.make("bucket");
            server.put("bucket", "album", "text");
            server.put("bucket", "book", "text");
            Future<?> writing = context.workers().submit(() -> {
                for (int i = 0; i < 500; i++) {
                    server.put("bucket", "album", "text " + i);
                }
            });
            do {
                assertThat(server.client()
                                .listObjectsV2(request -> request.bucket("bucket"))
                                .contents())
                        .extracting(S3Object::key)
                        .containsExactly("album", "book");
            } while (!writing.isDone());
            writing.get();
        }
    }

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
