package io.authzengine.storage.testkit.sample;

import io.authzengine.storage.bundle.Bundle;
import io.authzengine.storage.bundle.BundleException;
import io.authzengine.storage.bundle.BundleLimits;
import io.authzengine.storage.driver.DriverConfig;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.StorageDriverProvider;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.policy.Sha256;
import io.authzengine.storage.source.DocumentNames;
import io.authzengine.storage.source.Manifest;
import io.authzengine.storage.source.PolicySource;
import io.authzengine.storage.source.Revision;
import io.authzengine.storage.source.SourceContext;
import io.authzengine.storage.source.SourceDriver;
import io.authzengine.storage.source.SourceEntry;
import io.authzengine.storage.source.SyncSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes drivers for policies in an archive on disk: {@code driver: archive} with {@code archive: {file: policies.tar.gz}}. */
public final class ArchiveDriverProvider implements StorageDriverProvider {
    @Override
    public String type() {
        return "archive";
    }

    @Override
    public StorageDriver create(DriverConfig config, StorageContext context) {
        Path file = config.resolve(config.text("file"));
        Duration pollInterval = config.duration("pollInterval", Duration.ofSeconds(30), ChronoUnit.SECONDS);
        String id = config.id().orElse("archive-" + file.getFileName());
        config.verify(); // Before anything is used: until here, all that was wrong was only noted.
        return create(id, file, pollInterval, context);
    }

    /** Makes a driver without a configuration file; does no I/O yet. */
    public StorageDriver create(String id, Path file, Duration pollInterval, StorageContext context) {
        SyncSettings settings = SyncSettings.DEFAULT.withPollInterval(pollInterval);
        return new SourceDriver(id, type(), new ArchiveSource(file), settings, context);
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("file", "the archive, .tar.gz or .zip", "pollInterval", "time between looks; default 30s");
    }
}

/** The archive as a backend. Its revision is the digest of the file, the token of a document the digest of its text. */
final class ArchiveSource implements PolicySource {
    private final Path file;
    private String driverId = "";
    private Map<String, byte[]> documents = Map.of(); // Between a manifest and the reading of it.

    ArchiveSource(Path file) {
        this.file = file;
    }

    @Override
    public void open(SourceContext context) {
        driverId = context.driverId();
        content(); // What is configured must be there.
    }

    @Override
    public Optional<Manifest> manifest(Revision last) {
        byte[] bytes = content();
        Revision revision = new Revision(Sha256.hex(bytes));
        if (revision.equals(last)) {
            return Optional.empty(); // The cheap answer: nothing is unpacked, read or parsed.
        }
        try {
            documents = Bundle.read(bytes, BundleLimits.DEFAULT, DocumentNames.defaults()::matches);
        } catch (BundleException e) {
            // Not an empty manifest: that would mean that every policy was deleted.
            throw new ValidationException(problem("the archive cannot be read: " + e.getMessage()), e);
        }
        List<SourceEntry> entries = documents.entrySet().stream()
                .map(document -> SourceEntry.of(document.getKey(), Sha256.hex(document.getValue())))
                .toList();
        return Optional.of(Manifest.complete(revision, entries));
    }

    @Override
    public void read(Manifest at, List<SourceEntry> wanted, Sink into) {
        for (SourceEntry entry : wanted) {
            byte[] document = documents.get(entry.location());
            if (document == null) {
                into.moved(entry); // Let go of since it was listed: the look is taken again.
            } else {
                into.accept(entry, document);
            }
        }
        documents = Map.of();
    }

    private byte[] content() {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new NotFoundException(problem("there is no such file"), e);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private StorageException unreadable(IOException cause) {
        return new ConnectionFailedException(problem("the file cannot be read: " + cause.getMessage()), cause);
    }

    private Problem problem(String summary) {
        return Problem.in(driverId, summary)
                .at(file.toString())
                .remedy("put the archive there by renaming it into place, or correct 'file'");
    }

    @Override
    public void close() {
        documents = Map.of();
    }
}
