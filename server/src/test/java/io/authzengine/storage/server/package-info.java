@NullMarked
package io.authzengine.storage.server;

import org.jspecify.annotations.NullMarked;
