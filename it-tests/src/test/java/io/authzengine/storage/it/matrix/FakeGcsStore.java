package io.authzengine.storage.it.matrix;

import io.authzengine.storage.testkit.FakeGcs;
import java.util.List;

/** A fake of Google Cloud Storage: there is nothing real that runs here. It asks nobody for credentials until it refuses them. */
final class FakeGcsStore implements ObjectStore {
    private final FakeGcs fake = FakeGcs.start(BucketBackend.BUCKET);

    @Override
    public int port() {
        return fake.url().getPort();
    }

    @Override
    public String credentials(int port) {
        return "anonymous: true, endpoint: 'http://127.0.0.1:" + port + "'";
    }

    @Override
    public void put(String key, byte[] bytes) {
        fake.put(key, bytes, "");
    }

    @Override
    public void remove(String key) {
        fake.remove(key);
    }

    @Override
    public void harm(Harm harm) {
        if (harm == Harm.KILLED) {
            fake.down();
        } else if (harm == Harm.REVOKED) {
            fake.refuse(401, 0);
        } else {
            fake.refuse(503, 1);
        }
    }

    @Override
    public void heal(Harm harm) {
        fake.up();
    }

    @Override
    public List<String> secrets() {
        return List.of();
    }

    @Override
    public void close() {
        fake.close();
    }
}
