/** A Kubernetes API server for one machine. Start reading at ApiServer. */
@NullMarked
package dev.linnet.apiserver;

import org.jspecify.annotations.NullMarked;
