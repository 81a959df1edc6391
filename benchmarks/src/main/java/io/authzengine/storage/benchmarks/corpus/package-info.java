/**
 * A seeded generator of policies as a company of any size might have them, so that whoever measures needs nothing else. Start at {@link
 * io.authzengine.storage.benchmarks.corpus.Corpus}; {@link io.authzengine.storage.benchmarks.corpus.CorpusShape} compares one set with another.
 */
@NullMarked
package io.authzengine.storage.benchmarks.corpus;

import org.jspecify.annotations.NullMarked;
