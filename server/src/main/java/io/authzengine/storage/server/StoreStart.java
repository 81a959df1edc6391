package io.authzengine.storage.server;

import io.authzengine.storage.AuditSink;
import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.PolicyStoreBuilder;
import io.authzengine.storage.StoreStatus;
import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.ValidationException;
import java.io.PrintWriter;
import java.util.List;

/** Makes and starts the store of a command, and tells why it was refused in the words of {@code validate}. */
final class StoreStart {
    private StoreStart() {}

    /**
     * Makes a store for somebody who looks on, beside one that serves: it keeps nothing on the disk, which belongs to the other, and tells nobody.
     *
     * @throws IllegalArgumentException naming all that is wrong with the settings of the driver
     */
    static PolicyStore aside(StorageConfig config, StorageContext context) {
        StoreSettings silent =
                config.settings().withDisk(StoreSettings.Disk.NONE).withWebhooks(List.of());
        return build(PolicyStore.builder(config).settings(silent), context);
    }

    /**
     * Makes the store that {@code config} describes, with its audit.
     *
     * @throws IllegalArgumentException naming all that is wrong with the settings of the driver
     */
    static PolicyStore build(StorageConfig config, StorageContext context, AuditSink audit) {
        return build(PolicyStore.builder(config).audit(audit), context);
    }

    private static PolicyStore build(PolicyStoreBuilder builder, StorageContext context) {
        try {
            return builder.context(context).build();
        } catch (IllegalStateException e) {
            throw new IllegalArgumentException(e.getMessage(), e); // What is installed contradicts itself.
        }
    }

    /**
     * Loads, showing how far it got.
     *
     * @return whether it was not refused; if it was, {@code err} has the findings
     * @throws io.authzengine.storage.error.StorageException if the backend could not be read
     */
    static boolean run(PolicyStore store, StorageConfig config, StorageContext context, PrintWriter err) {
        try {
            new ProgressLine(store::progress, context, err).during(store::start);
            return true;
        } catch (ValidationException e) {
            List<Finding> findings =
                    store.status().held().map(StoreStatus.Held::findings).orElse(List.of());
            if (findings.isEmpty()) {
                throw e;
            }
            tellRefusal(findings, config, err);
            return false;
        }
    }

    private static void tellRefusal(List<Finding> findings, StorageConfig config, PrintWriter err) {
        printer(config, err, false).print(findings);
        err.println("policyd: refused to start: " + Counted.of(findings.size(), "error")
                + " above; nothing is served until the documents are mended");
        err.flush();
    }

    /** Returns a printer that finds the lines of documents that are files. */
    static FindingPrinter printer(StorageConfig config, PrintWriter out, boolean colours) {
        return new FindingPrinter(out, colours, new SourceLines(config.driver()::resolve));
    }
}
