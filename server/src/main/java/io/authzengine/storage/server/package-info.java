/**
 * {@code policyd}, the standalone runtime and its command line. No API: what programs may rely on is the commands, their exit codes and
 * their JSON, and the HTTP interface.
 *
 * <p>{@link io.authzengine.storage.server.Policyd} is the beginning; one class for each command. Drivers are found on the class path;
 * nothing here knows any of them by class.
 */
@NullMarked
package io.authzengine.storage.server;

import org.jspecify.annotations.NullMarked;
