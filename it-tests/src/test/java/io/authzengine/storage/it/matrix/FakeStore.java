package io.authzengine.storage.it.matrix;

import io.authzengine.storage.testkit.FakeAzure;
import io.authzengine.storage.testkit.FakeBucket;
import io.authzengine.storage.testkit.FakeGcs;
import java.util.List;

/** A fake of a store that cannot run here. It takes any credentials until it refuses all. */
final class FakeStore implements ObjectStore {
    private static final String SIGNATURE = "c2lnbmF0dXJlLW9mLXRoZS1henVyZS1kcml2ZXI";

    private final FakeBucket fake;
    private final int refusal;
    private final String credentials;
    private final String path;
    private final List<String> secrets;

    private FakeStore(FakeBucket fake, int refusal, String credentials, String path, List<String> secrets) {
        this.fake = fake;
        this.refusal = refusal;
        this.credentials = credentials;
        this.path = path;
        this.secrets = secrets;
    }

    /** Of Azure Blob Storage: its own emulator needs Node, which is not everywhere. */
    static FakeStore azure() {
        return new FakeStore(
                FakeAzure.start(BucketBackend.BUCKET),
                403,
                "sasToken: 'sv=2025-01-05&sp=rl&sig=" + SIGNATURE + "'",
                "/" + FakeAzure.ACCOUNT,
                List.of(SIGNATURE));
    }

    /** Of Google Cloud Storage: there is nothing real that runs here. */
    static FakeStore gcs() {
        return new FakeStore(FakeGcs.start(BucketBackend.BUCKET), 401, "anonymous: true", "", List.of());
    }

    @Override
    public int port() {
        return fake.url().getPort();
    }

    @Override
    public String credentials(int port) {
        return credentials + ", endpoint: 'http://127.0.0.1:" + port + path + "'";
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
        switch (harm) {
            case KILLED -> fake.down();
            case REVOKED -> fake.refuse(refusal, 0);
            default -> fake.refuse(503, 1);
        }
    }

    @Override
    public void heal(Harm harm) {
        fake.up();
    }

    @Override
    public List<String> secrets() {
        return secrets;
    }

    @Override
    public void close() {
        fake.close();
    }
}
