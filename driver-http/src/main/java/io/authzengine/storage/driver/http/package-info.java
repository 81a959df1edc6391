/**
 * Policies from documents and bundles behind URLs.
 *
 * <p><b>Location:</b> the URL without user and query; for a document of a bundle, followed by {@code !/} and its name there.
 * <b>Token:</b> SHA-256 of the document. <b>Revision:</b> SHA-256 of what the URL holds, or of all of these if there are several. <b>Change set:</b> all
 * that differs between two looks at all URLs.
 *
 * <p>Validators, strong or weak, only ask whether to send again; whether anything has changed is told by the content. One is sent only for a content
 * that is held or was taken in, so "not modified" can never stand for nothing.
 *
 * <p>Read {@code HttpSource} first, then {@code Remote}, which is one URL, {@code Fetcher}, which asks for it, and {@code Transport}, which makes the
 * calls to the JDK's client. {@code Hints} hears of changes.
 */
@NullMarked
package io.authzengine.storage.driver.http;

import org.jspecify.annotations.NullMarked;
