package io.authzengine.storage.driver.git;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.PackLock;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.jspecify.annotations.Nullable;

/** Talks to the remote: asks where the branch stands, and fetches that commit if it is not here yet. */
final class GitRemote {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final int CHECK_SIZE_EVERY = 256;

    private final GitConfig config;
    private final GitErrors errors;
    private final Optional<GitHttp> http;
    private final File emptyHome;
    private final Optional<QuickQuestion> quick;
    private boolean met; // Written by the looking thread, one look at a time.

    GitRemote(GitConfig config, GitErrors errors, Optional<GitHttp> http, File emptyHome) {
        this.config = config;
        this.errors = errors;
        this.http = http;
        this.emptyHome = emptyHome;
        this.quick = http.map(connections -> new QuickQuestion(connections, config.remote()));
    }

    /** A commit that the configuration names by its id, so that it never moves. */
    Optional<ObjectId> pinned() {
        return COMMIT.matcher(config.branch()).matches()
                ? Optional.of(ObjectId.fromString(config.branch()))
                : Optional.empty();
    }

    /**
     * Returns the commit at which the branch stands, and sees to it that it is in {@code store}: one question, and one fetch if the
     * answer is new.
     */
    ObjectId tip(GitStore store) throws IOException {
        Optional<ObjectId> pinned = pinned();
        Optional<ObjectId> told =
                pinned.isPresent() || !met ? pinned : quick.flatMap(question -> question.ask(candidates()));
        if (told.isPresent() && store.has(told.get())) {
            return told.get();
        }
        http.ifPresent(GitHttp::begin);
        SshSessions ssh = config.remote().isSsh() ? SshSessions.open(config, emptyHome) : null;
        try (ssh) {
            return tip(store, pinned, ssh);
        } catch (TransportException e) {
            throw ssh == null ? e : ssh.explain(e);
        }
    }

    private ObjectId tip(GitStore store, Optional<ObjectId> pinned, @Nullable SshSessions ssh) throws IOException {
        try (Transport transport = transport(store, ssh);
                FetchConnection connection = transport.openFetch(names())) {
            Ref ref = pinned.<Ref>map(id -> new ObjectIdRef.Unpeeled(Ref.Storage.NETWORK, id.name(), id))
                    .orElseGet(() -> find(connection.getRefsMap()));
            if (ref == null) {
                throw errors.noSuchBranch(branches(store, ssh));
            }
            ObjectId peeled = ref.getPeeledObjectId() == null ? ref.getObjectId() : ref.getPeeledObjectId();
            if (!store.has(peeled)) {
                fetch(store, connection, ref, pinned.isPresent());
            }
            met = true;
            return peeled;
        }
    }

    private Transport transport(GitStore store, @Nullable SshSessions ssh) throws IOException {
        Transport transport = Transport.open(store.repository(), config.remote().uri());
        transport.setTagOpt(TagOpt.NO_TAGS);
        transport.setTimeout(Math.toIntExact(Math.max(
                1, Math.min(Integer.MAX_VALUE / 1000, config.limits().timeout().toSeconds()))));
        if (config.limits().depth() > 0) {
            transport.setDepth(config.limits().depth());
        }
        if (transport instanceof TransportHttp overHttp && http.isPresent()) {
            overHttp.setHttpConnectionFactory(http.get());
        }
        if (transport instanceof SshTransport overSsh && ssh != null) {
            overSsh.setSshSessionFactory(ssh.factory());
        }
        return transport;
    }

    private List<RefSpec> names() {
        return candidates().stream().map(RefSpec::new).toList();
    }

    private List<String> candidates() {
        String branch = config.branch();
        return branch.startsWith(Constants.R_REFS) || branch.equals(Constants.HEAD)
                ? List.of(branch)
                : List.of(Constants.R_HEADS + branch, Constants.R_TAGS + branch);
    }

    private @Nullable Ref find(Map<String, Ref> refs) {
        for (String name : candidates()) {
            Ref ref = refs.get(name);
            if (ref != null && ref.getObjectId() != null) {
                return ref;
            }
        }
        return null;
    }

    /** For the message alone, so that whoever reads it sees what the branch is called now. */
    private Collection<String> branches(GitStore store, @Nullable SshSessions ssh) throws IOException {
        List<String> names = new ArrayList<>();
        try (Transport transport = transport(store, ssh);
                FetchConnection connection = transport.openFetch()) {
            for (String name : connection.getRefsMap().keySet()) {
                if (name.startsWith(Constants.R_HEADS)) {
                    names.add(name.substring(Constants.R_HEADS.length()));
                }
            }
        }
        return names;
    }

    private void fetch(GitStore store, FetchConnection connection, Ref ref, boolean byId) throws IOException {
        SizeWatch watch = new SizeWatch(() -> isTooLarge(store));
        try {
            connection.fetch(watch, List.of(ref), Set.of());
        } catch (TransportException e) {
            if (byId && String.valueOf(e.getMessage()).contains("not valid")) {
                throw errors.noSuchCommit(e);
            }
            throw e;
        } finally {
            for (PackLock lock : connection.getPackLocks()) {
                lock.unlock();
            }
        }
        if (watch.isCancelled() || isTooLarge(store)) {
            throw new RepositoryTooLargeException();
        }
    }

    private boolean isTooLarge(GitStore store) {
        try {
            return store.size() > config.limits().maxRepositorySize();
        } catch (IOException e) {
            return false; // Asked again in a moment; what is wrong with the disk shows in the fetch itself.
        }
    }

    /** Looks now and then at how much has come. */
    private static final class SizeWatch extends EmptyProgressMonitor {
        private final BooleanSupplier tooLarge;
        private int objects;
        private boolean cancelled;

        SizeWatch(BooleanSupplier tooLarge) {
            this.tooLarge = tooLarge;
        }

        @Override
        public void update(int completed) {
            objects += completed;
            if (objects >= CHECK_SIZE_EVERY) {
                objects = 0;
                cancelled |= tooLarge.getAsBoolean();
            }
        }

        @Override
        public boolean isCancelled() {
            return cancelled || Thread.currentThread().isInterrupted();
        }
    }

    /** Returns the status of the last answer over HTTP, 0 if there was none. */
    int lastStatus() {
        return http.map(GitHttp::lastStatus).orElse(0);
    }
}
