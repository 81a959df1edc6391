package io.authzengine.storage.it.matrix;

import io.authzengine.storage.testkit.FakeAzure;
import java.util.List;

/** A fake of Azure Blob Storage: its own emulator needs Node, which is not everywhere. It takes any signature until it refuses all. */
final class FakeAzureStore implements ObjectStore {
    private static final String SIGNATURE = "c2lnbmF0dXJlLW9mLXRoZS1henVyZS1kcml2ZXI";

    private final FakeAzure fake = FakeAzure.start(BucketBackend.BUCKET);

    @Override
    public int port() {
        return fake.url().getPort();
    }

    @Override
    public String credentials(int port) {
        return "sasToken: 'sv=2025-01-05&sp=rl&sig=" + SIGNATURE + "', endpoint: 'http://127.0.0.1:" + port + "/"
                + FakeAzure.ACCOUNT + "'";
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
            fake.refuse(403, 0);
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
        return List.of(SIGNATURE);
    }

    @Override
    public void close() {
        fake.close();
    }
}
