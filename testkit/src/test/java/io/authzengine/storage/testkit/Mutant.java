package io.authzengine.storage.testkit;

import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.source.PolicySource;
import java.util.function.UnaryOperator;

/**
 * A driver with one bug.
 *
 * @param name what it does wrong
 * @param source puts the bug into the source
 * @param driver puts the bug into the driver
 */
record Mutant(String name, UnaryOperator<PolicySource> source, UnaryOperator<StorageDriver> driver) {
    /** A bug of a source. */
    static Mutant ofSource(String name, UnaryOperator<PolicySource> bug) {
        return new Mutant(name, bug, UnaryOperator.identity());
    }

    /** A bug of a driver. */
    static Mutant ofDriver(String name, UnaryOperator<StorageDriver> bug) {
        return new Mutant(name, UnaryOperator.identity(), bug);
    }

    @Override
    public String toString() {
        return name;
    }
}
