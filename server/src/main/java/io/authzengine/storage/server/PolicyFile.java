package io.authzengine.storage.server;

import io.authzengine.storage.faults.FaultRegistry;
import io.authzengine.storage.faults.format.FaultFile;
import io.authzengine.storage.faults.policy.FaultPolicy;
import io.authzengine.storage.faults.policy.Layer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;

/** A file of fault policies, one of which is in force, and read again when it changes. For one thread at a time. */
final class PolicyFile {
    private final FaultRegistry registry;
    private final Path file;
    private final String name;
    private FileTime read;

    private PolicyFile(FaultRegistry registry, Path file, String name, FileTime read) {
        this.registry = registry;
        this.file = file;
        this.name = name;
        this.read = read;
    }

    static PolicyFile load(FaultRegistry registry, Path file, Optional<String> wanted) {
        FileTime time;
        Map<String, FaultPolicy> policies;
        try {
            time = Files.getLastModifiedTime(file);
            policies = FaultFile.read(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("--policy: " + file + " cannot be read: " + e, e);
        }
        String name = wanted.orElseGet(() -> onlyOne(file, policies));
        if (!policies.containsKey(name)) {
            throw new IllegalArgumentException(file + " has no policy \"" + Printable.text(name) + "\"; it has "
                    + String.join(", ", policies.keySet()));
        }
        PolicyFile loaded = new PolicyFile(registry, file, name, time);
        loaded.register(policies);
        return loaded;
    }

    private static String onlyOne(Path file, Map<String, FaultPolicy> policies) {
        if (policies.size() != 1) {
            throw new IllegalArgumentException(file + " has " + Counted.of(policies.size(), "policy")
                    + ": choose with --name " + String.join(" or ", policies.keySet()));
        }
        return policies.keySet().iterator().next();
    }

    private void register(Map<String, FaultPolicy> policies) {
        FaultPolicy chosen = policies.get(name);
        if (chosen == null) {
            throw new IllegalArgumentException(file + " has no policy \"" + Printable.text(name) + "\" any more");
        }
        chosen.check(Layer.PROXY);
        registry.register(name, chosen);
    }

    String name() {
        return name;
    }

    /** Puts what the file says now in force; what will not do is told, once, and changes nothing. */
    void reloadIfChanged(PrintWriter err) {
        try {
            FileTime now = Files.getLastModifiedTime(file);
            if (!now.equals(read)) {
                read = now;
                register(FaultFile.read(file));
                err.println("policyd: " + file + " was read again");
            }
        } catch (IOException | IllegalArgumentException e) {
            err.println("policyd: the policy stays as it was: " + e.getMessage());
        }
        err.flush();
    }
}
