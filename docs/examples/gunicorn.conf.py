"""gunicorn 的设置：两个进程，每个八个线程；指标按进程合并。"""

from prometheus_client import multiprocess

bind = "127.0.0.1:8080"
worker_class = "gthread"
workers = 2
threads = 8
timeout = 60
graceful_timeout = 30
keepalive = 5
max_requests = 10_000
max_requests_jitter = 1_000
forwarded_allow_ips = "127.0.0.1"
accesslog = None  # 程序自己写访问日志，一行一个 JSON


def child_exit(server, worker):
    """进程结束后，它的指标不再算作现有的。"""
    multiprocess.mark_process_dead(worker.pid)
