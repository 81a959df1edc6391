/**
 * How fault policies are written: as fields by name, and as files in JSON or YAML.
 *
 * <p>Read {@link io.authzengine.storage.faults.format.FaultFields}, then {@link io.authzengine.storage.faults.format.FaultFile}.
 */
@NullMarked
package io.authzengine.storage.faults.format;

import org.jspecify.annotations.NullMarked;
