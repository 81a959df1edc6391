package io.authzengine.storage.driver.filesystem;

import java.nio.file.Path;
import java.util.Set;

/** Told by a scan, before it looks, where it is about to look: whatever changes after that is heard of. */
interface Coverage {
    /** Where nobody watches. */
    Coverage NONE = new Coverage() {
        @Override
        public void tree(Path directory, Object identity) {}

        @Override
        public boolean steps(Set<Path> steps) {
            return false;
        }
    };

    /** Every name in {@code directory} matters. */
    void tree(Path directory, Object identity);

    /**
     * Only these names matter, each in the directory it is in.
     *
     * @return whether any of them was not watched before, so that it may have changed since it was looked at
     */
    boolean steps(Set<Path> steps);
}
