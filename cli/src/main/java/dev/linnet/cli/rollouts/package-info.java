/** {@code linnet rollouts}: a person's view of releases, and hand on them. */
@NullMarked
package dev.linnet.cli.rollouts;

import org.jspecify.annotations.NullMarked;
