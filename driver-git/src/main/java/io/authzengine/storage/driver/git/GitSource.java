package io.authzengine.storage.driver.git;

import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.source.Manifest;
import io.authzengine.storage.source.PolicySource;
import io.authzengine.storage.source.Revision;
import io.authzengine.storage.source.SourceContext;
import io.authzengine.storage.source.SourceEntry;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Policies in a Git repository. A look asks the remote where the branch stands, fetches that commit if it is new, and compares its tree
 * with the tree of the commit that was last taken. What lies between the two does not matter.
 */
final class GitSource implements PolicySource {
    private static final Logger LOG = LoggerFactory.getLogger(GitSource.class);

    /** What there is while the source is open. */
    private record Opened(SourceContext context, GitErrors errors, GitStore store, GitRemote remote) {}

    private final GitConfig config;
    private final SignatureCheck signatures;
    // Held during each call, so that close() frees nothing that a call still uses.
    private final ReentrantLock busy = new ReentrantLock();
    private volatile @Nullable Opened opened;
    // Written by calls, one at a time.
    private @Nullable ObjectId taken;
    private boolean suspect;
    private boolean objected;

    GitSource(GitConfig config) {
        this.config = config;
        this.signatures = new SignatureCheck(config.signatures());
    }

    @Override
    public void open(SourceContext context) {
        GitErrors errors = new GitErrors(context.driverId(), config);
        if (config.remote().isPlainHttp() && config.auth() instanceof GitAuth.Basic) {
            LOG.warn(
                    "[{}] {}: the credentials can be read on their way; use https",
                    context.driverId(),
                    config.remote());
        }
        call(errors, () -> {
            GitStore store = GitStore.open(config.localPath());
            try {
                Optional<GitHttp> http = config.remote().isHttp()
                        ? Optional.of(GitHttp.of(config, context.context().workers()))
                        : Optional.empty();
                GitRemote remote = new GitRemote(config, errors, http, store.home());
                opened = new Opened(context, errors, store, remote);
                return true;
            } catch (IOException | RuntimeException e) {
                store.close();
                throw e;
            }
        });
    }

    /** Makes a call that nothing outside of the settings has a say in. */
    private <T> T call(GitErrors errors, Callable<T> call) {
        busy.lock();
        try {
            return CleanSystem.call(call);
        } catch (StorageException e) {
            throw e;
        } catch (IOException e) {
            throw errors.local(e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            busy.unlock();
        }
    }

    @Override
    public Optional<Manifest> manifest(Revision last) {
        Opened now = opened();
        return call(now.errors(), () -> {
            if (suspect) {
                rebuild(now);
            }
            ObjectId tip = tip(now);
            try {
                return manifest(now, tip, last);
            } catch (IOException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw now.errors().interrupted();
                }
                // The remote is the truth: what is here is made anew from it, once.
                LOG.warn(
                        "[{}] The local repository is damaged and is made anew: {}",
                        now.context().driverId(),
                        e.toString());
                rebuild(now);
                return manifest(now, tip(now), last);
            }
        });
    }

    private void rebuild(Opened now) throws IOException {
        now.store().rebuild();
        suspect = false;
    }

    private ObjectId tip(Opened now) {
        try {
            return now.remote().tip(now.store());
        } catch (IOException e) {
            throw now.errors().conversation(e, now.remote().lastStatus());
        }
    }

    private Optional<Manifest> manifest(Opened now, ObjectId tip, Revision last) throws IOException {
        if (tip.name().equals(last.token()) && tip.equals(taken) && !objected) {
            if (now.store().wantsPacking()) {
                now.store().compact(); // While nobody waits for what this look finds.
            }
            return Optional.empty();
        }
        try (RevWalk walk = new RevWalk(now.store().repository())) {
            RevCommit commit = commit(walk, tip, now);
            Optional<String> objection = signatures.objection(now.store().repository(), commit);
            if (objection.isPresent()) {
                return refused(now, walk, commit, objection.get(), last);
            }
            boolean rewritten = isRewritten(now, walk, commit);
            Manifest manifest = manifest(now, walk, commit, last);
            now.store().accept(commit);
            taken = commit.toObjectId();
            objected = false;
            if (now.store().needsPacking()) {
                now.store().compact();
            }
            return Optional.of(rewritten ? manifest.because("rewritten") : manifest);
        }
    }

    private static RevCommit commit(RevWalk walk, ObjectId id, Opened now) throws IOException {
        try {
            return walk.parseCommit(id);
        } catch (IncorrectObjectTypeException e) {
            throw now.errors().noCommit(Constants.typeString(walk.parseAny(id).getType()));
        }
    }

    private Manifest manifest(Opened now, RevWalk walk, RevCommit commit, Revision last) throws IOException {
        ObjectReader reader = walk.getObjectReader();
        TreeListing listing = new TreeListing(config, now.errors(), reader);
        ObjectId before = taken;
        if (before != null && before.name().equals(last.token()) && reader.has(before)) {
            return listing.delta(walk.parseCommit(before), commit);
        }
        return listing.complete(commit);
    }

    /** A tip that nobody vouches for changes nothing, but it is told of: as an error of a place of its own. */
    private Optional<Manifest> refused(Opened now, RevWalk walk, RevCommit commit, String objection, Revision last)
            throws IOException {
        ObjectId before = taken;
        StorageException refusal = now.errors().notTrusted(TreeListing.shortId(commit), objection);
        if (before == null) {
            throw refusal;
        }
        Manifest manifest = manifest(now, walk, walk.parseCommit(before), last);
        List<Manifest.Refused> places = new ArrayList<>(manifest.refused());
        places.add(new Manifest.Refused(TreeListing.branchPlace(config), refusal.summary()));
        objected = true;
        return Optional.of(manifest.refusing(places));
    }

    /** Returns whether the commit taken before is known not to be part of what led to this one; only a whole history can tell. */
    private boolean isRewritten(Opened now, RevWalk walk, RevCommit commit) throws IOException {
        ObjectId before = taken;
        boolean wholeHistory = config.limits().depth() == 0;
        if (before == null
                || !wholeHistory
                || before.equals(commit)
                || walk.isMergedInto(walk.parseCommit(before), commit)) {
            return false;
        }
        LOG.warn(
                "[{}] {} was rewritten: {} does not come from {}; the tip is followed",
                now.context().driverId(),
                config.branch(),
                TreeListing.shortId(commit),
                TreeListing.shortId(before));
        return true;
    }

    @Override
    public void read(Manifest at, List<SourceEntry> wanted, Sink into) {
        Opened now = opened();
        call(now.errors(), () -> {
            try (ObjectReader reader = now.store().repository().newObjectReader();
                    ObjectInserter.Formatter hash = new ObjectInserter.Formatter()) {
                for (SourceEntry entry : wanted) {
                    if (Thread.currentThread().isInterrupted()) {
                        throw now.errors().interrupted();
                    }
                    into.accept(entry, bytes(now, reader, hash, ObjectId.fromString(entry.token())));
                }
                return true;
            } catch (IOException e) {
                suspect = true;
                throw e;
            }
        });
    }

    /** A token is the id of a blob, which is a hash of what it says. */
    @Override
    public boolean tokenLasts(SourceEntry entry) {
        return true;
    }

    private static byte[] bytes(Opened now, ObjectReader reader, ObjectInserter.Formatter hash, ObjectId id)
            throws IOException {
        ObjectLoader loader = reader.open(id, Constants.OBJ_BLOB);
        int limit = now.context().maxDocumentBytes();
        if (loader.getSize() > limit) {
            try (InputStream in = loader.openStream()) {
                return in.readNBytes(limit + 1); // Enough to be told that it is too large.
            }
        }
        byte[] bytes = loader.getBytes(limit);
        // The remote cannot send what does not match its id, but a disk can.
        if (!hash.idFor(Constants.OBJ_BLOB, bytes).equals(id)) {
            throw new IOException("object " + id.name() + " is damaged");
        }
        return bytes;
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
        if (!busy.tryLock()) {
            return; // The driver closes again when the call that is under way has ended.
        }
        try {
            Opened closing = opened;
            opened = null;
            taken = null;
            if (closing != null) {
                closing.store().close();
            }
        } catch (IOException e) {
            LOG.warn("[{}] The local repository could not be closed", config.id(), e);
        } finally {
            busy.unlock();
        }
    }
}
