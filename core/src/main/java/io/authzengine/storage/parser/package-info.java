/**
 * From bytes to policies, for core and for tools that check documents.
 *
 * <p>{@link io.authzengine.storage.parser.PolicyParser} is the way in. YAML events or JSON tokens become one stream of
 * nodes, bounded by {@link io.authzengine.storage.parser.ParserLimits} before anything is built from them; one decoder per
 * kind turns the stream into the records of {@code policy} in a single pass.
 */
@NullMarked
package io.authzengine.storage.parser;

import org.jspecify.annotations.NullMarked;
