/** Policies from a branch, tag or commit of a Git repository, without a work tree. */
@NullMarked
package io.authzengine.storage.driver.git;

import org.jspecify.annotations.NullMarked;
