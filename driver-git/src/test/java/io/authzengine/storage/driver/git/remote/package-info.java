/**
 * Git servers and repositories for tests, in the test jar of this module: {@link io.authzengine.storage.driver.git.remote.Origin} is a
 * repository, {@link io.authzengine.storage.driver.git.remote.GitHttpServer} and {@link
 * io.authzengine.storage.driver.git.remote.GitSshServer} serve it, {@link io.authzengine.storage.driver.git.remote.GitCommand} runs {@code
 * git} itself.
 */
@NullMarked
package io.authzengine.storage.driver.git.remote;

import org.jspecify.annotations.NullMarked;
