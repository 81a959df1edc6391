package io.authzengine.storage.driver.blob.azure;

import com.azure.core.credential.AzureNamedKeyCredential;
import com.azure.core.credential.AzureSasCredential;
import com.azure.core.http.HttpClient;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.storage.blob.BlobContainerClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who one is to Azure. Never shows a secret. Immutable. */
public final class AzureLogin {
    /**
     * As Azure's tools find out: environment, workload identity, managed identity, the user's own. Tokens are asked for again before they
     * expire.
     */
    public static final AzureLogin STANDARD = new AzureLogin(
            "as the tools of Azure do",
            (builder, http) -> builder.credential(
                    new DefaultAzureCredentialBuilder().httpClient(http).build()),
            () -> "");

    /** Nobody: for containers that are open to all. */
    public static final AzureLogin ANONYMOUS =
            new AzureLogin("anonymous", (builder, http) -> builder.setAnonymousAccess(), () -> "");

    private final String kind;
    private final Entry entry;
    private final Stamp stamp;

    @FunctionalInterface
    private interface Entry {
        BlobContainerClientBuilder give(BlobContainerClientBuilder builder, HttpClient http) throws IOException;
    }

    @FunctionalInterface
    private interface Stamp {
        String read() throws IOException;
    }

    private AzureLogin(String kind, Entry entry, Stamp stamp) {
        this.kind = kind;
        this.entry = entry;
        this.stamp = stamp;
    }

    /** Returns a key of the storage account. */
    public static AzureLogin key(String account, String key) {
        return new AzureLogin(
                "accountKey",
                (builder, http) -> builder.credential(new AzureNamedKeyCredential(account, key)),
                () -> "");
    }

    /** Returns a shared access signature, with or without its {@code ?}. */
    public static AzureLogin signature(String sasToken) {
        return new AzureLogin("sasToken", (builder, http) -> sign(builder, sasToken), () -> "");
    }

    /** Returns the shared access signature that is the content of {@code file}, read again when it changes. */
    public static AzureLogin signatureIn(Path file) {
        return new AzureLogin(
                "sasTokenFile " + file,
                (builder, http) -> sign(builder, Files.readString(file).strip()),
                () -> Files.getLastModifiedTime(file) + " " + Files.size(file));
    }

    private static BlobContainerClientBuilder sign(BlobContainerClientBuilder builder, String sasToken) {
        return builder.credential(new AzureSasCredential(sasToken.startsWith("?") ? sasToken.substring(1) : sasToken));
    }

    static AzureLogin connectionString(String text) {
        return new AzureLogin("connectionString", (builder, http) -> builder.connectionString(text), () -> "");
    }

    void enter(BlobContainerClientBuilder builder, HttpClient http) throws IOException {
        entry.give(builder, http);
    }

    /** Returns what changes when there are other credentials to be read. */
    String stamp() throws IOException {
        return stamp.read();
    }

    @Override
    public String toString() {
        return kind;
    }
}
