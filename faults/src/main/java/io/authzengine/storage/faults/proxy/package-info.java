/**
 * Faults in TCP connections: a proxy on this machine, between a driver and its real backend.
 *
 * <p>{@link io.authzengine.storage.faults.proxy.TcpFaultProxy} is all there is to know. One thread serves all connections of a proxy.
 */
@NullMarked
package io.authzengine.storage.faults.proxy;

import org.jspecify.annotations.NullMarked;
