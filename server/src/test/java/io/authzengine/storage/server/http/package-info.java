@NullMarked
package io.authzengine.storage.server.http;

import org.jspecify.annotations.NullMarked;
