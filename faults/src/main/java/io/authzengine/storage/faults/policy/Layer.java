package io.authzengine.storage.faults.policy;

/** Where a policy is applied; not every field makes sense in each. */
public enum Layer {
    /** Around calls of a driver, a source or any other interface. */
    CALL,
    /** In a TCP connection. */
    PROXY,
    /** Where names are looked up. */
    RESOLVER
}
