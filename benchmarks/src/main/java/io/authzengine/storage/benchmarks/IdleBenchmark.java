package io.authzengine.storage.benchmarks;

import io.authzengine.storage.benchmarks.corpus.Corpus;
import io.authzengine.storage.benchmarks.corpus.Document;
import io.authzengine.storage.benchmarks.measure.Figures;
import io.authzengine.storage.benchmarks.measure.Memory;
import io.authzengine.storage.benchmarks.measure.Sample;
import io.authzengine.storage.benchmarks.measure.Scratch;
import io.authzengine.storage.benchmarks.measure.Stores;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.blob.BlobBackend;
import io.authzengine.storage.driver.blob.BlobConfig;
import io.authzengine.storage.driver.blob.BlobDriverProvider;
import io.authzengine.storage.driver.blob.azure.AzureBackend;
import io.authzengine.storage.driver.blob.azure.AzureLogin;
import io.authzengine.storage.driver.blob.gcs.GcsBackend;
import io.authzengine.storage.driver.blob.gcs.GcsLogin;
import io.authzengine.storage.driver.database.DatabaseDriverProvider;
import io.authzengine.storage.driver.database.server.PostgresServer;
import io.authzengine.storage.driver.git.GitConfig;
import io.authzengine.storage.driver.git.GitDriverProvider;
import io.authzengine.storage.driver.git.remote.GitHttpServer;
import io.authzengine.storage.driver.git.remote.Origin;
import io.authzengine.storage.testkit.FakeAzure;
import io.authzengine.storage.testkit.FakeGcs;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Measures a look that finds nothing new, over a real server of Git and of PostgreSQL and over fakes of the APIs of object stores, on this
 * machine: how often the server is asked, how much it answers, and how much the driver with its client allocates. What a network adds is not
 * in it.
 */
public final class IdleBenchmark {
    private static final int WARM_UP = 50;
    private static final int POLLS = 100;
    /** A pool of connections checks one that was idle for half a second before it gives it out; polls are further apart than that. */
    private static final int APART_MILLIS = 600;

    private static final int APART = 5;
    private static final String BUCKET = "bucket";
    private static final String PREFIX = "policies/";

    private static final double KIBIBYTE = 1024;
    /** Bytes allocated by a poll, by driver and number of policies. */
    private static final Map<String, NavigableMap<Integer, Double>> ALLOCATED = new TreeMap<>();

    private final String name;
    private final int policies;
    private final LongSupplier asked;
    private final LongSupplier answered;

    private IdleBenchmark(String name, int policies, LongSupplier asked, LongSupplier answered) {
        this.name = name;
        this.policies = policies;
        this.asked = asked;
        this.answered = answered;
    }

    /** Takes numbers of policies. */
    public static void main(String[] args) throws IOException, InterruptedException, SQLException {
        for (String arg : args) {
            List<Document> documents = Corpus.of(Integer.parseInt(arg), Corpus.SEED);
            git(documents);
            gcs(documents);
            azure(documents);
            database(documents);
        }
        ALLOCATED.forEach((name, bytes) -> {
            int policies = bytes.lastKey() - bytes.firstKey();
            if (policies > 0) {
                double more = bytes.lastEntry().getValue() - bytes.firstEntry().getValue();
                Figures.tell("idle." + name + ".growth", 0, "B a policy", more / policies);
            }
        });
    }

    private static void git(List<Document> documents) throws IOException, InterruptedException {
        try (Scratch scratch = Scratch.create();
                Origin origin = Origin.create(scratch.resolve("origin.git"));
                GitHttpServer server = GitHttpServer.start(origin.repository());
                StorageContext context = StorageContext.create("benchmark")) {
            documents.forEach(document -> origin.with(document.path(), document.text()));
            origin.commit("all");
            origin.pack();
            GitConfig config = GitConfig.of(server.url()).withLocalPath(scratch.resolve("local"));
            IdleBenchmark benchmark = new IdleBenchmark("git", documents.size(), server::requests, server::sent);
            Set<Long> servers = benchmark.threads();
            try (StorageDriver driver = new GitDriverProvider().create(config, context)) {
                benchmark.run(driver, servers);
            }
        }
    }

    private static void gcs(List<Document> documents) throws InterruptedException {
        try (FakeGcs fake = FakeGcs.start(BUCKET)) {
            documents.forEach(document -> fake.put(PREFIX + document.path(), document.text()));
            new IdleBenchmark("gcs", documents.size(), fake::requests, fake::sent)
                    .blob(GcsBackend.at(fake.url(), GcsLogin.ANONYMOUS));
        }
    }

    private static void azure(List<Document> documents) throws InterruptedException {
        try (FakeAzure fake = FakeAzure.start(BUCKET)) {
            documents.forEach(document -> fake.put(PREFIX + document.path(), document.text()));
            new IdleBenchmark("azure", documents.size(), fake::requests, fake::sent)
                    .blob(new AzureBackend(Optional.empty(), AzureLogin.ANONYMOUS, Optional.of(fake.url())));
        }
    }

    private void blob(BlobBackend backend) throws InterruptedException {
        try (StorageContext context = StorageContext.create("benchmark");
                StorageDriver driver = new BlobDriverProvider().create(BlobConfig.of(backend, BUCKET), context)) {
            run(driver, threads());
        }
    }

    private static void database(List<Document> documents) throws IOException, SQLException, InterruptedException {
        PostgresServer server = PostgresServer.startAnother();
        try (Forwarder forwarder = Forwarder.to(server.port());
                StorageContext context = StorageContext.create("benchmark")) {
            String database = server.createDatabase();
            server.execute(database, new DatabaseDriverProvider().ddl("postgresql"));
            insert(server, database, documents);
            String url = server.url(database).replace(":" + server.port(), ":" + forwarder.port());
            IdleBenchmark benchmark =
                    new IdleBenchmark("database", documents.size(), forwarder::roundTrips, forwarder::answered);
            Set<Long> servers = benchmark.threads();
            try (StorageDriver driver = Stores.config(
                            "driver: database, database: {connection: '" + url + "', useNotify: false}")
                    .openDriver(context)) {
                benchmark.run(driver, servers);
            }
        } finally {
            server.stop();
        }
    }

    private static void insert(PostgresServer server, String database, List<Document> documents) throws SQLException {
        try (Connection connection = server.connect(database);
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO policies (id, name, version, kind, raw_content) VALUES (?, ?, 'default', 'resourcePolicy', ?)")) {
            for (Document document : documents) {
                insert.setString(1, document.path());
                insert.setString(2, document.path());
                insert.setString(3, document.text());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Returns the threads that are there before the driver is, which are not its. */
    private Set<Long> threads() {
        Set<Long> ids = new TreeSet<>();
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.equals(Thread.currentThread()))
                .forEach(thread -> ids.add(thread.getId()));
        return ids;
    }

    private void run(StorageDriver driver, Set<Long> servers) throws InterruptedException {
        driver.init();
        if (driver.load().policies().size() != policies) {
            throw new IllegalStateException(
                    name + " loaded " + driver.load().policies().size());
        }
        for (int i = 0; i < WARM_UP; i++) {
            driver.checkNow(CheckMode.IF_CHANGED);
        }
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> FakeGcs.isThread(thread) || FakeAzure.isThread(thread) || Forwarder.isThread(thread))
                .forEach(thread -> servers.add(thread.getId()));
        long[] times = new long[POLLS];
        long before = Memory.allocated(thread -> !servers.contains(thread));
        for (int i = 0; i < POLLS; i++) {
            long begin = System.nanoTime();
            driver.checkNow(CheckMode.IF_CHANGED);
            times[i] = System.nanoTime() - begin;
        }
        long allocated = Memory.allocated(thread -> !servers.contains(thread)) - before;
        Figures.tell("idle." + name, policies, "ms", Sample.millis(times));
        Figures.tell("idle." + name + ".allocated", policies, "KiB", allocated / KIBIBYTE / POLLS);
        ALLOCATED.computeIfAbsent(name, each -> new TreeMap<>()).put(policies, (double) allocated / POLLS);
        count(driver);
    }

    private void count(StorageDriver driver) throws InterruptedException {
        double[] questions = new double[APART];
        double[] bytes = new double[APART];
        for (int i = 0; i < APART; i++) {
            TimeUnit.MILLISECONDS.sleep(APART_MILLIS);
            long askedBefore = asked.getAsLong();
            long answeredBefore = answered.getAsLong();
            driver.checkNow(CheckMode.IF_CHANGED);
            questions[i] = asked.getAsLong() - askedBefore;
            bytes[i] = answered.getAsLong() - answeredBefore;
        }
        Figures.tell("idle." + name + ".round-trips", policies, "round trips", Sample.of(questions));
        Figures.tell("idle." + name + ".answered", policies, "bytes", Sample.of(bytes));
    }
}
