/**
 * Policies from a branch, tag or commit of a Git repository, without a work tree.
 *
 * <p><b>Location:</b> the path within the repository. <b>Token:</b> the id of the blob. <b>Revision:</b> the id of the commit. <b>Change
 * set:</b> all commits since the last look, together: what differs between the tree that was taken and the tree at the tip.
 *
 * <p>A look asks the remote where the branch stands. If that is a new commit it is fetched, without its history, into a bare repository of
 * the driver's own; files are read from there and nothing is ever checked out. The tip alone counts: nothing is merged, so a branch that
 * was pushed anew is followed like any other. What was fetched holds nothing that the remote does not, so whatever is wrong with it is
 * healed by fetching it again.
 *
 * <p>Nothing outside of the settings has a say: no configuration of git or SSH, no agent, no key of the user.
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><th>key</th><th>default</th><th>meaning</th></tr>
 * <tr><td>{@code repository}</td><td>required</td><td>HTTPS, SSH or {@code file:}; never with credentials</td></tr>
 * <tr><td>{@code branch}</td><td>{@code main}</td><td>a branch, a tag, or a commit's id, which is then pinned</td></tr>
 * <tr><td>{@code directory}</td><td>{@code /}</td><td>the directory below which policies are</td></tr>
 * <tr><td>{@code pollInterval}</td><td>60 s</td><td>time between looks</td></tr>
 * <tr><td>{@code auth}</td><td>none</td><td>token, basic or ssh</td></tr>
 * <tr><td>{@code localPath}</td><td>temporary</td><td>directory for what was fetched</td></tr>
 * <tr><td>{@code extensions}</td><td>{@code .yaml .yml .json}</td><td>endings of documents' names, in any case</td></tr>
 * <tr><td>{@code exclude}</td><td>{@code node_modules}, {@code .git}</td><td>patterns of paths to leave out</td></tr>
 * <tr><td>{@code timeout}</td><td>60 s</td><td>deadline of a look with all that it fetches</td></tr>
 * <tr><td>{@code depth}</td><td>1</td><td>how many commits are fetched, 0 for all</td></tr>
 * <tr><td>{@code maxRepositorySize}</td><td>512 MiB</td><td>what may be fetched and kept</td></tr>
 * <tr><td>{@code knownHosts}</td><td>{@code ~/.ssh/known_hosts}</td><td>keys of SSH servers</td></tr>
 * <tr><td>{@code caCertificate}</td><td>Java's own</td><td>authorities of HTTPS servers</td></tr>
 * <tr><td>{@code proxy}</td><td>Java's own</td><td>{@code http://host:port}</td></tr>
 * <tr><td>{@code verify}</td><td>{@code none}</td><td>{@code signed}: the tip must have a signature that counts</td></tr>
 * <tr><td>{@code allowedSigners}, {@code keyRing}</td><td>none</td><td>whose signatures count</td></tr>
 * <tr><td>{@code id}</td><td>{@code git-} and a digest</td><td>name of the driver</td></tr>
 * </table>
 *
 * <p>Read {@code GitSource} first, then {@code GitRemote}, which asks and fetches, {@code TreeListing}, which compares, and {@code
 * GitStore}, which keeps. {@code GitHttp} and {@code SshSessions} are the two ways to a remote.
 */
@NullMarked
package io.authzengine.storage.driver.git;

import org.jspecify.annotations.NullMarked;
