/** What the Kubernetes API says of releases, and the one thing that the console writes. */
@NullMarked
package dev.linnet.console.cluster;

import org.jspecify.annotations.NullMarked;
