/**
 * The HTTP interface of {@code policyd}: policies, changes as they come, health. For this module only.
 *
 * <p>{@link io.authzengine.storage.server.http.PolicydServer} puts it together; one class for each group of endpoints; {@link
 * io.authzengine.storage.server.http.ChangeStream} hands changes to any number of readers without waiting for one. Everything is
 * read-only, and every error is {@code application/problem+json}.
 */
@NullMarked
package io.authzengine.storage.server.http;

import org.jspecify.annotations.NullMarked;
