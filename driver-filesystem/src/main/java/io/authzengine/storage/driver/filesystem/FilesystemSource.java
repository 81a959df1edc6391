package io.authzengine.storage.driver.filesystem;

import io.authzengine.storage.source.Manifest;
import io.authzengine.storage.source.PolicySource;
import io.authzengine.storage.source.Revision;
import io.authzengine.storage.source.SourceContext;
import io.authzengine.storage.source.SourceEntry;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Policies in files: lists directories, reads files, and hears of changes. */
final class FilesystemSource implements PolicySource {
    /** What there is while the source is open. */
    private record Opened(SourceContext context, FilesystemErrors errors, Hints hints, Looks looks) {}

    private final FilesystemConfig config;
    private final FileAccess files;
    // Written by open and close; the loop's threads follow one another, but close may come from any.
    private volatile @Nullable Opened opened;

    FilesystemSource(FilesystemConfig config, FileAccess files) {
        this.config = config;
        this.files = files;
    }

    @Override
    public void open(SourceContext context) {
        FilesystemErrors errors = new FilesystemErrors(context.driverId());
        Hints hints = new Hints(config, files, context, errors);
        Looks looks = new Looks(config, files, context, errors, hints);
        looks.checkRoots();
        opened = new Opened(context, errors, hints, looks);
    }

    @Override
    public Optional<Manifest> manifest(Revision last) {
        return opened().looks().look(last);
    }

    @Override
    public void read(Manifest at, List<SourceEntry> wanted, Sink into) {
        Opened now = opened();
        try (FileAccess.Reader reader = files.reader()) {
            for (SourceEntry entry : wanted) {
                if (Thread.interrupted()) {
                    Thread.currentThread().interrupt();
                    throw now.errors().interrupted();
                }
                Optional<FoundFile> file = now.looks().find(entry);
                if (file.isPresent()) {
                    read(file.get(), reader, now, into);
                } else {
                    into.moved(entry);
                }
            }
        } catch (IOException e) {
            throw now.errors().unreadable(config.roots().get(0).shown(), e);
        }
    }

    private void read(FoundFile file, FileAccess.Reader reader, Opened now, Sink into) {
        try {
            Optional<byte[]> bytes = reader.read(file, now.context().maxDocumentBytes());
            // Looked at after reading: a file that is now as it was when it was listed was so all the time in between.
            if (bytes.isPresent() && files.stamp(file.real()).equals(file.stamp())) {
                into.accept(file.entry(), bytes.get());
            } else {
                into.moved(file.entry());
            }
        } catch (ClosedByInterruptException e) {
            throw now.errors().interrupted();
        } catch (IOException e) {
            if (isAsFound(file)) {
                into.failed(file.entry(), now.errors().unreadable(file.location(), e));
            } else {
                into.moved(file.entry());
            }
        }
    }

    private boolean isAsFound(FoundFile file) {
        try {
            return files.stamp(file.real()).equals(file.stamp());
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            return true; // As unreadable as what was just tried to read, and that has the better message.
        }
    }

    @Override
    public void onHint(HintListener listener) {
        opened().hints().listen(listener);
    }

    @Override
    public boolean tokenLasts(SourceEntry entry) {
        return opened().looks()
                .find(entry)
                .filter(file -> Sight.lasts(entry.token(), file.stamp()))
                .isPresent();
    }

    private Opened opened() {
        Opened now = opened;
        if (now == null) {
            throw new IllegalStateException("the source is not open");
        }
        return now;
    }

    @Override
    public void close() {
        Opened closing = opened;
        opened = null;
        if (closing != null) {
            closing.hints().close();
        }
    }
}
