package io.authzengine.storage.driver.blob.s3.remote;

import java.io.InputStream;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * Lists while nothing is written. A listing of S3 is consistent; one of S3Proxy's stores ends without a word where an object is replaced
 * while it is being listed.
 */
final class WholeListings extends ForwardingBlobStore {
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    WholeListings(BlobStore store) {
        super(store);
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        return with(lock.writeLock(), () -> super.list(request));
    }

    @Override
    public ListObjectVersionsResponse listVersions(ListObjectVersionsRequest request) {
        return with(lock.writeLock(), () -> super.listVersions(request));
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream body) {
        return with(lock.readLock(), () -> super.putBlob(request, body));
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
        return with(lock.readLock(), () -> super.removeBlob(request));
    }

    private static <T> T with(Lock lock, Supplier<T> call) {
        lock.lock();
        try {
            return call.get();
        } finally {
            lock.unlock();
        }
    }
}
