/**
 * The fault matrix: every fault that makes sense, against every real backend. Read {@link FaultMatrixTest}, {@link Row}, {@link Scene}, then a
 * backend.
 */
@NullMarked
package io.authzengine.storage.it.matrix;

import org.jspecify.annotations.NullMarked;
