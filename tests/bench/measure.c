/* Runs a program, and prints how long it took, how much memory it had at most, in KiB, and how much
 * of a processor's time it had, in seconds.
 *
 * A process begins with the peak of the one that it was forked from, so whoever measures a program
 * of one megabyte must itself be smaller: this is why the benchmark does not do it. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double seconds(const struct timeval *time)
{
	return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

static void become(char **argv)
{
	int nowhere = open("/dev/null", O_WRONLY);
	if (nowhere >= 0)
		dup2(nowhere, STDOUT_FILENO);
	execvp(argv[0], argv);
	perror(argv[0]);
	_exit(127);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	double start = now();
	pid_t child = fork();
	if (child == 0)
		become(argv + 1);

	struct rusage usage;
	int status = 0;
	if (child < 0 || wait4(child, &status, 0, &usage) < 0)
		return 3;
	printf("%.6f %ld %.6f\n", now() - start, usage.ru_maxrss,
	       seconds(&usage.ru_utime) + seconds(&usage.ru_stime));
	return status == 0 ? 0 : 1;
}
