/** The verbs of the Kubernetes API over the store. Start reading at Router. */
@NullMarked
package dev.linnet.apiserver.rest;

import org.jspecify.annotations.NullMarked;
