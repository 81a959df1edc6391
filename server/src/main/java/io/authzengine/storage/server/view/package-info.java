/**
 * What is shown of policies, findings and health, in the form that the API, the event stream and {@code --output json} share. For
 * this module only.
 *
 * <p>Names and order of the fields are a promise to programs: a field may be added, none is renamed. A field that has nothing to
 * say is {@code null} and never missing. {@link io.authzengine.storage.server.view.Json} writes them.
 */
@NullMarked
package io.authzengine.storage.server.view;

import org.jspecify.annotations.NullMarked;
